"""A partner asks for a later deadline; the vendor answers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.proofs import BY_PERSON, OF_PARTNER
from openprm.kernel.models import Model


class Extension(Model):
    """One question for one activity's claim deadline, or an allocation's plan deadline, and its answer."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for the vendor")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    partner = models.ForeignKey(**OF_PARTNER)
    activity = models.ForeignKey("funds.Activity", on_delete=models.CASCADE, null=True, blank=True, related_name="extensions")
    allocation = models.ForeignKey("funds.Allocation", on_delete=models.CASCADE, null=True, blank=True, related_name="extensions")
    ends_on = models.DateField()
    asked_until = models.DateField()
    granted_until = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=2000)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(**BY_PERSON)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**BY_PERSON)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("ends_on", "asked_until", "granted_until", "reason", "state", "answer")

    class Meta:
        verbose_name = _("deadline extension")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, allocation=None) | Q(activity=None, allocation__isnull=False), name="extension_is_about_one_deadline"
            ),
            models.CheckConstraint(condition=Q(asked_until__gt=F("ends_on")), name="extension_is_later"),
            models.CheckConstraint(condition=Q(state__in=["open", "granted", "refused", "withdrawn"]), name="extension_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(granted_until__isnull=False, decided_at__isnull=False), name="granted_extension_says_until"
            ),
            models.UniqueConstraint(fields=["activity"], condition=Q(state="open", activity__isnull=False), name="one_open_extension_per_activity"),
            models.UniqueConstraint(fields=["allocation"], condition=Q(state="open", allocation__isnull=False), name="one_open_extension_per_allocation"),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="extensions_that_wait")]

    def __str__(self) -> str:
        return str(self.asked_until)
