"""News for a person, and how that person wants it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.inbox import rules
from openprm.kernel.models import Model


class Mode(models.TextChoices):
    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day")
    OFF = "off", _("Never")


class Notification(Model):
    """One piece of news for one person. `key` makes it once; `mailed_at` sends it once."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=rules.TITLE_LONGEST)
    body = models.CharField(max_length=rules.BODY_LONGEST, blank=True)
    url = models.CharField(max_length=rules.URL_LONGEST, blank=True)
    refs = ArrayField(models.UUIDField(), default=list, blank=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    in_app = models.BooleanField(default=True)
    mail = models.CharField(max_length=5, choices=Mode, default=Mode.NOW)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_notification_per_key")]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], condition=Q(in_app=True), name="notification_list"),
            models.Index(fields=["user"], condition=Q(in_app=True, read_at=None), name="notification_unread"),
            models.Index(fields=["at"], condition=Q(mail="daily", mailed_at=None), name="notification_digest"),
        ]


class Preference(Model):
    """A person's own choice for one kind; without a row the kind's default holds."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(default=True)
    mail = models.CharField(max_length=5, choices=Mode)

    class Meta:
        verbose_name = _("notification setting")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_preference_per_kind")]
