"""How a protection moved by work and quiet: the dated stage moves, and every step with its reason. Both only grow."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.registration import Registration
from openprm.kernel.models import Model


class StageMove(Model):
    """A deal entered a stage that comes after every stage in which it was: each counts once."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="stage_moves")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=24)
    moved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stage move")
        ordering = ["moved_at", "id"]
        constraints = [models.UniqueConstraint(fields=["registration", "stage"], name="stage_move_once")]


class ProtectionStep(Model):
    """One step of a window that reflects work, with what caused it, the rule, and the end before and after.

    `ends_*` is the end that protects; `planned_after` is where the sum stands, which a shortening reaches only after its
    notice. `entries` are the (key, days) of the sum that this step accounts for.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        GAINED = "gained", _("Gained")
        ANNOUNCED = "announced", _("Announced")
        SHORTENED = "shortened", _("Shortened")
        LIFTED = "lifted", _("Announcement lifted")
        BY_HAND = "by_hand", _("Changed by hand")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="protection_steps")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    cause = models.CharField(max_length=24, blank=True)
    evidence_ref = models.UUIDField(null=True, blank=True)
    days = models.IntegerField(default=0)
    ends_before = models.DateTimeField()
    ends_after = models.DateTimeField()
    planned_after = models.DateTimeField()
    effective_at = models.DateTimeField(null=True, blank=True)
    announced = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    entries = models.JSONField(default=list, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("protection step")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "position"], name="protection_step_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["opened", "gained", "announced", "shortened", "lifted", "by_hand"]), name="protection_step_kind_known"
            ),
            models.CheckConstraint(condition=~Q(kind="announced") | Q(effective_at__isnull=False), name="protection_announcement_is_dated"),
            models.CheckConstraint(condition=~Q(kind__in=["shortened", "lifted"]) | Q(announced__isnull=False), name="protection_shortened_was_announced"),
            models.UniqueConstraint(fields=["announced"], condition=Q(kind__in=["shortened", "lifted"]), name="protection_announcement_ends_once"),
        ]
        indexes = [models.Index("effective_at", condition=Q(kind="announced"), name="protection_announced_due")]
