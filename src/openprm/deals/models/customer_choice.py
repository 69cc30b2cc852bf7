"""The customer's right to leave a registration (X34): the choice, its letter, and the links that asked for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.registration import PERSON, Registration
from openprm.kernel.models import Model


class CustomerChoice(Model):
    """A customer wants to work with somebody else. The partner reads it; who comes next is not in it."""

    class State(models.TextChoices):
        NOTICE = "notice", _("Notice runs")
        OBJECTED = "objected", _("Partner objects")
        RELEASED = "released", _("Released")
        DROPPED = "dropped", _("Dropped")

    OPEN = (State.NOTICE, State.OBJECTED)

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="choices")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.NOTICE)
    told_by = models.CharField(max_length=8, choices=[("customer", _("The customer itself")), ("vendor", _("The vendor, with a letter"))])
    contact_name = models.CharField(max_length=120)
    contact_email = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=1000)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(**PERSON)
    notice_days = models.PositiveSmallIntegerField()
    work_done = models.CharField(max_length=12, blank=True)
    releases_at = models.DateTimeField()
    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    objection = models.CharField(max_length=2000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(**PERSON)
    ended_reason = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "rule_version_id")
    audit_shared = (
        *("state", "told_by", "contact_name", "reason", "recorded_at", "notice_days", "work_done", "releases_at", "clause"),
        *("objected_at", "objection", "ended_at", "ended_reason"),
    )

    class Meta:
        verbose_name = _("customer's choice")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(state__in=["notice", "objected"]), name="one_open_choice"),
            models.CheckConstraint(condition=Q(state__in=["notice", "objected", "released", "dropped"]), name="choice_state_known"),
            models.CheckConstraint(condition=Q(state__in=["notice", "objected"]) | Q(ended_at__isnull=False), name="choice_ended_is_dated"),
            models.CheckConstraint(condition=~Q(state="objected") | ~Q(objection=""), name="choice_objection_has_words"),
            models.CheckConstraint(condition=Q(releases_at__gte=models.F("recorded_at")), name="choice_gives_notice"),
        ]
        indexes = [models.Index("releases_at", condition=Q(state="notice"), name="choice_due")]

    def __str__(self) -> str:
        return f"{self.contact_name}, {self.recorded_at:%Y-%m-%d}"


class ChoiceLetter(Model):
    """What proves a choice that the vendor recorded, and who comes next. The vendor's alone."""

    choice = models.OneToOneField(CustomerChoice, on_delete=models.PROTECT, related_name="letter")
    name = models.CharField(max_length=160, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    storage_key = models.CharField(max_length=200, blank=True)
    successor = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("customer's letter")


class ChoiceLink(Model):
    """A mailed link by which the customer's contact may say whom it wants to work with: once, for a while, at one address."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    contact_name = models.CharField(max_length=120)
    contact_email = models.CharField(max_length=254)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(**PERSON)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=5, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("customer's link")
        indexes = [models.Index("registration", models.F("sent_at").desc(), name="choice_link_of_registration")]
