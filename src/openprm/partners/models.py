"""Programs with their tiers, the partners, and the enrollment that ties them."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model


class Motion(models.TextChoices):
    INFLUENCE = "influence", _("Influence")
    TRANSACT = "transact", _("Resell")
    SOLUTION = "solution", _("Solution")
    RETAIN = "retain", _("Retain")


class Program(Model):
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=2000, blank=True)
    motion = models.CharField(max_length=10, choices=Motion, default=Motion.TRANSACT)
    currency = models.CharField(max_length=3, default="EUR")
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("program")
        constraints = [
            models.UniqueConstraint(fields=["code"], name="one_program_per_code"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9][a-z0-9-]*$"), name="program_code_is_a_code"),
            models.CheckConstraint(condition=Q(motion__in=Motion.values), name="program_motion_is_known"),
            models.CheckConstraint(condition=Q(term_months=None) | Q(term_months__gte=1, term_months__lte=60), name="program_term_in_range"),
        ]

    def __str__(self) -> str:
        return self.name


class Tier(Model):
    """A rung of a program, the highest rank on top. `benefits` holds what differs from the library's defaults."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="tiers")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField()
    benefits = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("tier")
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="one_tier_per_code"),
            models.UniqueConstraint(fields=["program", "rank"], name="one_tier_per_rank", deferrable=models.Deferrable.DEFERRED),
            models.UniqueConstraint(fields=["id", "program"], name="tier_id_and_program"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9][a-z0-9-]*$"), name="tier_code_is_a_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Partner(Model):
    """What the vendor keeps of a partner organization beyond its name: the organization's id is the partner's id."""

    class Type(models.TextChoices):
        RESELLER = "reseller", _("Reseller")
        DISTRIBUTOR = "distributor", _("Distributor")
        VAR = "var", _("Value-added reseller")
        MSP = "msp", _("Managed service provider")
        SI = "si", _("System integrator")
        ISV = "isv", _("Software vendor")
        REFERRAL = "referral", _("Referral")
        AFFILIATE = "affiliate", _("Affiliate")
        CONSULTANT = "consultant", _("Consultant")

    organization = models.OneToOneField("identity.Organization", on_delete=models.CASCADE, related_name="partner")
    type = models.CharField(max_length=12, choices=Type, default=Type.RESELLER)
    motion = models.CharField(max_length=10, choices=Motion, default=Motion.TRANSACT)
    manager = models.ForeignKey("identity.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    region = models.CharField(max_length=80, blank=True)
    team = models.CharField(max_length=120, blank=True)
    website = models.CharField(max_length=253, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    banned_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("type", "motion", "region", "website", "manager_id")

    class Meta:
        verbose_name = _("partner")
        constraints = [
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="one_partner_per_external_id"),
            models.CheckConstraint(condition=Q(id=F("organization")), name="partner_has_its_organizations_id"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="partner_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(type__in=["reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant"]),
                name="partner_type_is_known",
            ),
            models.CheckConstraint(condition=Q(motion__in=Motion.values), name="partner_motion_is_known"),
        ]
        indexes = [models.Index(fields=["type", "region"], name="partner_type_region"), models.Index(fields=["manager"], name="partner_manager_key")]

    def __str__(self) -> str:
        return str(self.organization)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.id = self.organization_id
        super().save(*args, **kwargs)


class Enrollment(Model):
    """A partner's membership of one program; `tier` stays empty until it is approved."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        TERMINATED = "terminated", _("Ended")
        EXPIRED = "expired", _("Expired")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="enrollments")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="enrollments")
    tier = models.ForeignKey(Tier, null=True, blank=True, on_delete=models.PROTECT, related_name="enrollments")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    renewed_at = models.DateTimeField(null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(default=0, db_default=0)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("reminded_days",)
    audit_shared = ("status", "tier", "tier_id", "since", "until", "renewed_at", "renewals")

    class Meta:
        verbose_name = _("enrollment")
        constraints = [
            models.UniqueConstraint(fields=["partner", "program"], name="one_enrollment_per_program"),
            models.CheckConstraint(condition=~Q(status="approved") | Q(tier__isnull=False), name="approved_enrollment_has_a_tier"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="enrollment_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(status="expired") | Q(until__isnull=False), name="expired_enrollment_has_an_end"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "pending", "approved", "rejected", "terminated", "expired"]), name="enrollment_status_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["program", "status", "tier"], name="enrollment_program_status"),
            models.Index("until", condition=Q(status="approved"), name="enrollment_running_end"),
        ]


class Gate(Model):
    """One action that is closed to one partner between two moments, with the reason and what opens it again."""

    class Action(models.TextChoices):
        DEALS = "deals", _("Register deals")
        LEADS = "leads", _("Receive leads")
        FUNDS = "funds", _("Request market funds")
        PAYOUTS = "payouts", _("Receive payouts")
        PORTAL = "portal", _("Use the portal")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="gates")
    action = models.CharField(max_length=10, choices=Action)
    source = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    cure = models.CharField(max_length=500)
    cure_url = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    audit_shared = ("action", "reason", "cure", "since", "until")

    class Meta:
        verbose_name = _("closed door")
        constraints = [
            models.UniqueConstraint(fields=["partner", "action", "source", "key"], name="one_gate_per_reason"),
            models.CheckConstraint(condition=Q(action__in=["deals", "leads", "funds", "payouts", "portal"]), name="gate_action_is_known"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(cure=""), name="gate_says_why_and_what_opens_it"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="gate_opens_after_it_closes"),
        ]
