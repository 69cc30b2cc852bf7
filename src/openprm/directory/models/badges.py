"""Badges: what can be earned, what was given to whom, the lists that say what was taken back, and the keys that signed it all."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model


class Achievement(Model):
    """What a badge stands for. Its words are copied into every badge that is issued for it."""

    class Kind(models.TextChoices):
        TIER = "tier", _("Tier")
        CERTIFICATE = "certificate", _("Certificate")

    code = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120)
    subtitle = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=500)
    criteria = models.CharField(max_length=1000)
    rank = models.PositiveSmallIntegerField(default=0)
    rungs = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("achievement")
        constraints = [models.UniqueConstraint(fields=["code"], name="one_achievement_per_code")]


class IssuerKey(Model):
    """A public key of the issuer. It stays published after it is replaced: what it signed is still to be checked."""

    thumbprint = models.CharField(max_length=64)
    x = models.CharField(max_length=64)
    since = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("issuer key")
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(fields=["thumbprint"], name="one_issuer_key_per_thumbprint"),
            models.UniqueConstraint(fields=["retired_at"], condition=Q(retired_at=None), nulls_distinct=False, name="one_issuer_key_in_use"),
        ]


class StatusList(Model):
    """A bit for each badge. `token` is the list as it was last signed."""

    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    token = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("status list")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["number"], name="one_status_list_per_number")]


class Badge(Model):
    """One signed credential. What was signed never changes; it can only be revoked, or replaced by a newer one."""

    class Reason(models.TextChoices):
        TIER_CHANGED = "tier_changed", _("The partner's tier changed")
        PARTNER_LEFT = "partner_left", _("The partner is no longer active in the program")
        EXPIRED_CERTIFICATE = "certificate_ended", _("The certificate behind it ended")
        BY_HAND = "by_hand", _("Taken back by the issuer")

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="badges")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="badges")
    status_index = models.PositiveIntegerField()
    partner_name = models.CharField(max_length=200)
    issuer_name = models.CharField(max_length=200)
    color = models.CharField(max_length=7)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    token = models.TextField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=20, choices=Reason, blank=True)
    revoked_note = models.CharField(max_length=500, blank=True)
    revoked_by = models.ForeignKey("identity.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("revoked_at", "revoked_because", "revoked_note", "valid_until")
    snapshot_leaves_out = ("token",)

    class Meta:
        verbose_name = _("badge")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["status_list", "status_index"], name="one_badge_per_status_bit"),
            models.UniqueConstraint(fields=["partner", "achievement"], condition=Q(revoked_at=None, replaced_by=None), name="one_live_badge"),
            models.CheckConstraint(condition=Q(revoked_at=None) | ~Q(revoked_because=""), name="revoked_badge_says_why"),
            models.CheckConstraint(condition=Q(valid_until=None) | Q(valid_until__gt=models.F("issued_at")), name="badge_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["status_list"], condition=Q(revoked_at__isnull=False), name="badge_revoked_of_list"),
            models.Index(fields=["valid_until"], condition=Q(revoked_at=None, replaced_by=None), name="badge_live_until"),
        ]
