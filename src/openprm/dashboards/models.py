"""What this room keeps: dashboards that people saved, when they are mailed to whom, and what was mailed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model


class Saved(Model):
    """A dashboard with its filters under a name: of one person, or for the team."""

    organization = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    dashboard = models.CharField(max_length=12)
    asked = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("name", "dashboard", "asked", "is_shared")

    class Meta:
        verbose_name = _("saved dashboard")
        constraints = [
            models.UniqueConstraint(fields=["organization", "owner", "name"], name="dashboard_saved_once_by_name"),
            models.CheckConstraint(condition=Q(dashboard__in=["executive", "manager", "partner"]), name="dashboard_known"),
        ]
        indexes = [models.Index("organization", "name", name="dashboard_saved_by_team")]

    def __str__(self) -> str:
        return self.name


class Mailing(Model):
    """When a saved dashboard is mailed. `day` is a weekday from 0, or a day of the month up to 28."""

    organization = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    saved = models.OneToOneField(Saved, on_delete=models.CASCADE, related_name="mailing")
    every = models.CharField(max_length=8)
    day = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    time_zone = models.CharField(max_length=64)
    next_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mailing of a dashboard")
        constraints = [
            models.CheckConstraint(condition=Q(every="weekly", day__lte=6) | Q(every="monthly", day__gte=1, day__lte=28), name="dashboard_mailing_day"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="dashboard_mailing_hour"),
        ]
        indexes = [models.Index(F("next_at"), name="dashboard_mailing_due")]

    def __str__(self) -> str:
        return f"{self.every} {self.day}"


class Recipient(Model):
    """Somebody who gets a mailing; who left it stays here, so that nobody puts it back by accident."""

    organization = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipients")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recipient of a dashboard")
        constraints = [models.UniqueConstraint(fields=["mailing", "user"], name="dashboard_recipient_once")]

    def __str__(self) -> str:
        return str(self.user_id)


class Letter(Model):
    """One mail of one date to one person: sent, or why it was not. Written before the mail goes, so that none goes twice."""

    organization = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="letters")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)

    class Meta:
        verbose_name = _("mailed dashboard")
        constraints = [models.UniqueConstraint(fields=["mailing", "user", "due_at"], name="dashboard_letter_once")]
        indexes = [models.Index("mailing", F("due_at").desc(), name="dashboard_letter_newest")]

    def __str__(self) -> str:
        return f"{self.due_at:%Y-%m-%d} {self.outcome}"
