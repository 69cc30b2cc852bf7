"""A partner that brings another partner, and what it gets for it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.recruitment.models.company import Company
from openprm.recruitment.models.fields import one_of
from openprm.recruitment.rules.referral import ReferralState


class ReferralTerms(Model):
    """What a program gives a partner for bringing another one. A referral keeps the terms it began with."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    reward_percent = models.PositiveSmallIntegerField(default=10)
    window_days = models.PositiveSmallIntegerField(default=365)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version",)

    class Meta:
        verbose_name = _("referral terms")
        constraints = [
            models.CheckConstraint(condition=Q(reward_percent__lte=100), name="referral_reward_is_a_percentage"),
            models.CheckConstraint(condition=Q(window_days__gte=1) & Q(window_days__lte=3650), name="referral_window_is_sound"),
        ]

    def __str__(self) -> str:
        return str(self.program)


class ReferralCode(Model):
    partner = models.OneToOneField("partners.Partner", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=12)

    class Meta:
        verbose_name = _("referral code")
        constraints = [models.UniqueConstraint(fields=["code"], name="one_partner_per_referral_code")]

    def __str__(self) -> str:
        return self.code


class Referral(Model):
    """`partner` brought the company; `referred` is that company once it is a partner."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    company_name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, default=ReferralState.INTRODUCED.value)
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    referred = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    application_id = models.UUIDField(null=True, blank=True)
    program = models.ForeignKey("partners.Program", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reward_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    window_days = models.PositiveSmallIntegerField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    first_commission_at = models.DateTimeField(null=True, blank=True)
    window_ends_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version",)
    audit_shared = ("company_name", "domain", "state", "reward_percent", "window_days", "joined_at", "first_commission_at", "window_ends_at", "declined_reason")

    class Meta:
        verbose_name = _("referral")
        constraints = [
            models.UniqueConstraint(fields=["domain"], condition=~Q(domain="") & ~Q(state="declined"), name="one_referral_per_company"),
            models.UniqueConstraint(fields=["application_id"], name="one_referral_per_application"),
            models.UniqueConstraint(fields=["referred"], name="one_referrer_per_partner"),
            models.CheckConstraint(condition=~Q(referred=F("partner")), name="referral_is_not_of_oneself"),
            models.CheckConstraint(
                condition=~Q(state__in=["joined", "earning", "ended"]) | (Q(joined_at__isnull=False) & Q(window_days__isnull=False)),
                name="joined_referral_has_terms",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["earning", "ended"]) | (Q(first_commission_at__isnull=False) & Q(window_ends_at__gt=F("first_commission_at"))),
                name="earning_referral_has_a_window",
            ),
            one_of("state", ReferralState, "referral_state_is_known"),
        ]
        indexes = [
            models.Index("partner", F("created_at").desc(), F("id").desc(), name="referral_partner_newest"),
            models.Index(fields=["state", "window_ends_at"], name="referral_state_window"),
        ]

    def __str__(self) -> str:
        return self.company_name
