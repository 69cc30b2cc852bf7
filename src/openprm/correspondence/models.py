"""What correspondence keeps: addresses that can be answered, links that act once, feeds, and a log of what came in.

Secrets are kept as hashes. Rows of a person go with the person.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.correspondence import rules
from openprm.kernel.models import Model

PERSON = {"to": "identity.User", "on_delete": models.CASCADE, "related_name": "+"}
ORGANIZATION = {"to": "identity.Organization", "on_delete": models.CASCADE, "related_name": "+"}


class Ways(Model):
    """What the vendor allows for the whole installation: one row."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    replies = models.BooleanField(default=True)
    links = models.BooleanField(default=True)
    links_past_second_factor = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("only",)

    class Meta:
        verbose_name = _("mail and calendar settings")
        constraints = [models.CheckConstraint(condition=Q(only=True), name="ways_are_one_row")]

    def __str__(self) -> str:
        return str(_("Mail and calendar"))


class Choice(Model):
    """What one person wants in mails; without a row both."""

    user = models.OneToOneField(**PERSON)
    replies = models.BooleanField(default=True)
    links = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("mail choice")


class ReplyAddress(Model):
    """One person's way to write on one thread by mail. The address holds this row's id under a signature."""

    user = models.ForeignKey(**PERSON)
    organization = models.ForeignKey(**ORGANIZATION)
    thread = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    title = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reply address")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "thread", "subject_id"], condition=Q(revoked_at=None), name="one_live_reply_address"),
        ]

    def __str__(self) -> str:
        return self.title

    def state(self, at) -> str:
        return rules.state_of(at=at, expires_at=self.expires_at, revoked_at=self.revoked_at)


class ActionLink(Model):
    """One thing that one person can do once from a mail."""

    user = models.ForeignKey(**PERSON)
    organization = models.ForeignKey(**ORGANIZATION)
    action = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    title = models.CharField(max_length=200)
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    snapshot_leaves_out = ("hash",)

    class Meta:
        verbose_name = _("action link")
        constraints = [models.CheckConstraint(condition=Q(used_at=None) | Q(revoked_at=None), name="link_used_or_revoked")]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="link_of_person"),
            models.Index(fields=["subject_id"], condition=Q(used_at=None, revoked_at=None), name="link_of_subject"),
        ]

    def __str__(self) -> str:
        return self.title

    def state(self, at) -> str:
        return rules.state_of(at=at, expires_at=self.expires_at, revoked_at=self.revoked_at, used_at=self.used_at)


class CalendarFeed(Model):
    """A person's calendar at an address that only this person knows."""

    user = models.ForeignKey(**PERSON)
    organization = models.ForeignKey(**ORGANIZATION)
    hash = models.CharField(max_length=64, unique=True)
    left_out = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    remind_minutes = models.PositiveIntegerField(default=60)
    read_at = models.DateTimeField(null=True, blank=True)
    renewed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("hash", "read_at")

    class Meta:
        verbose_name = _("calendar feed")
        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="one_feed_per_place")]

    def __str__(self) -> str:
        return str(_("Calendar feed"))


class CalendarEntry(Model):
    """How often an entry of a feed has changed, so that calendars notice (SEQUENCE, LAST-MODIFIED)."""

    feed = models.ForeignKey(CalendarFeed, on_delete=models.CASCADE, related_name="entries")
    uid = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calendar entry")
        constraints = [models.UniqueConstraint(fields=["feed", "uid"], name="one_entry_per_uid")]


class ReceivedMail(Model):
    """One mail that came in, and what became of it. Its words are not kept here."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        IGNORED = "ignored", _("Ignored")
        REPEATED = "repeated", _("Came twice")

    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    envelope_sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    message_digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    files = models.PositiveSmallIntegerField(default=0)
    address = models.ForeignKey(ReplyAddress, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    user = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    thread = models.CharField(max_length=60, blank=True)
    thread_title = models.CharField(max_length=200, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("received mail")
        constraints = [
            models.UniqueConstraint(fields=["address", "message_digest"], condition=Q(outcome="accepted"), name="mail_accepted_once"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="received_newest"), models.Index(fields=["reason", "-at"], name="received_reason")]
