"""The risk case of a partner, what was found, and how it was decided."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.compliance.rules.cases import Depth, State
from openprm.kernel.models import Model

PARTNER: dict[str, Any] = {"to": "identity.Organization", "on_delete": models.CASCADE, "related_name": "+"}
KEPT: dict[str, Any] = PARTNER | {"on_delete": models.DO_NOTHING}  # history that the database keeps: not even tried to be removed
PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}

GOVERNMENT = {
    "none": _("No dealings with government"),
    "sells_to": _("Sells to government bodies"),
    "official": _("An owner or manager is a public official"),
}
OWNERSHIP = {"unknown": _("Not known"), "listed": _("Listed on an exchange"), "private": _("Private, owners known"), "state": _("Owned by a state")}
COMPENSATION = {
    "margin": _("Margin on resale"),
    "fee": _("Fixed fee"),
    "commission": _("Commission"),
    "success_fee": _("Success fee"),
    "none": _("Not paid"),
}
STATES = {
    "open": _("Open"),
    "questionnaire_sent": _("Questionnaire sent"),
    "answered": _("Answered"),
    "screening": _("Screening"),
    "flags_cleared": _("Ready to decide"),
    "approved": _("Approved"),
    "declined": _("Declined"),
    "renewal_due": _("Renewal due"),
    "lapsed": _("Lapsed"),
}
LEVELS = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
APPROVERS = {"nobody": _("By rule, when nothing is found"), "partner_manager": _("Partner manager"), "vendor_admin": _("Administrator")}


class RiskCase(Model):
    """One partner's due diligence; a renewal is the next `cycle` of the same case. `approved_until` outlives the state."""

    partner = models.OneToOneField(**PARTNER)
    state = models.CharField(max_length=20, choices=STATES.items(), default=State.OPEN)
    cycle = models.PositiveSmallIntegerField(default=1)
    approved_cycle = models.PositiveSmallIntegerField(default=0)
    country_class = models.CharField(max_length=6, choices=LEVELS.items(), default="medium")
    government = models.CharField(max_length=10, choices=GOVERNMENT.items(), default="none")
    ownership = models.CharField(max_length=10, choices=OWNERSHIP.items(), default="unknown")
    compensation = models.CharField(max_length=12, choices=COMPENSATION.items(), default="margin")
    transaction_minor = models.BigIntegerField(null=True, blank=True)
    risk = models.CharField(max_length=6, choices=LEVELS.items(), default="medium")
    clause = models.CharField(max_length=40, blank=True)
    clause_text = models.TextField(max_length=2000, blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_inputs = models.JSONField(default=dict, blank=True)
    would_change = models.JSONField(default=list, blank=True)
    questionnaire_code = models.CharField(max_length=40, blank=True)
    needs_screening = models.BooleanField(default=True)
    references_needed = models.PositiveSmallIntegerField(default=0)
    approver = models.CharField(max_length=20, choices=APPROVERS.items(), default="partner_manager")
    renewal_months = models.PositiveSmallIntegerField(default=12)
    opened_at = models.DateTimeField()
    cycle_started_at = models.DateTimeField()
    screened_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON)
    decision_note = models.TextField(max_length=2000, blank=True)
    approved_until = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    reminded = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("state", "cycle", "risk", "clause", "approved_until", "questionnaire_code", "decision_note")

    class Meta:
        verbose_name = _("risk case")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[str(state) for state in State]), name="case_state_is_known"),
            models.CheckConstraint(condition=Q(risk__in=list(LEVELS)), name="case_risk_is_known"),
            models.CheckConstraint(condition=~Q(state="approved") | Q(approved_until__isnull=False), name="approved_case_says_until_when"),
            models.CheckConstraint(condition=Q(approver__in=list(APPROVERS)), name="case_approver_is_known"),
            models.CheckConstraint(condition=Q(transaction_minor=None) | Q(transaction_minor__gte=0), name="case_transaction_is_no_debt"),
            models.UniqueConstraint(fields=["id", "partner"], name="case_id_and_partner"),
        ]
        indexes = [
            models.Index(fields=["state", "risk"], name="case_state_risk"),
            models.Index(fields=["approved_until"], condition=Q(approved_until__isnull=False), name="case_ends"),
        ]

    def __str__(self) -> str:
        return str(_("Due diligence of %(partner)s")) % {"partner": self.partner}

    @property
    def depth(self) -> Depth:
        return Depth(
            questionnaire=self.questionnaire_code,
            screening=self.needs_screening,
            references=self.references_needed,
            approver=self.approver,
            renewal_months=self.renewal_months,
        )


class Owner(Model):
    """A person or company behind a partner: the names that are screened beside its own."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        BENEFICIAL = "beneficial", _("Beneficial owner")
        DIRECTOR = "director", _("Director")

    partner = models.ForeignKey(**PARTNER)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=(("person", _("Person")), ("entity", _("Company"))), default="person")
    role = models.CharField(max_length=12, choices=Role, default=Role.OWNER)
    country = models.CharField(max_length=2, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    share_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    is_official = models.BooleanField(default=False)

    audit_shared = ("name", "kind", "role", "country", "share_percent", "is_official")

    class Meta:
        verbose_name = _("owner or director")
        constraints = [
            models.UniqueConstraint(fields=["partner", "name", "role"], name="owner_once_per_role"),
            models.CheckConstraint(condition=~Q(name=""), name="owner_has_a_name"),
            models.CheckConstraint(condition=Q(share_percent=None) | Q(share_percent__lte=100), name="owner_share_is_a_percentage"),
        ]


class Flag(Model):
    """Something that speaks against a partner. Nobody but a person, with words and a document, clears or confirms it."""

    class Source(models.TextChoices):
        ANSWER = "answer", _("Answer")
        SCREENING = "screening", _("Sanctions list")
        MANUAL = "manual", _("Seen by a person")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLEARED = "cleared", _("Cleared")
        CONFIRMED = "confirmed", _("Confirmed")

    case = models.ForeignKey(RiskCase, on_delete=models.CASCADE, related_name="flags")
    partner = models.ForeignKey(**PARTNER)
    cycle = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10, choices=Source)
    fingerprint = models.CharField(max_length=240)
    title = models.CharField(max_length=300)
    detail = models.TextField(max_length=4000, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    entry = models.ForeignKey("compliance.SanctionsEntry", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(**PERSON)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    evidence = models.TextField(max_length=4000, blank=True)
    evidence_file = models.ForeignKey("compliance.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resolved_by = models.ForeignKey(to=settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("red flag")
        constraints = [
            models.UniqueConstraint(fields=["case", "fingerprint"], name="flag_once_per_case"),
            models.CheckConstraint(
                condition=Q(state="open", resolved_at=None)
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False, evidence_file__isnull=False, state__in=["cleared", "confirmed"]) & ~Q(evidence="")),
                name="flag_is_resolved_with_evidence",
            ),
        ]
        indexes = [models.Index(fields=["case", "state"], name="flag_of_case")]


class ReferenceCheck(Model):
    """What somebody who worked with the partner said, and who asked."""

    class Outcome(models.TextChoices):
        POSITIVE = "positive", _("Speaks for the partner")
        NEGATIVE = "negative", _("Speaks against the partner")
        SILENT = "silent", _("Could not be reached")

    case = models.ForeignKey(RiskCase, on_delete=models.CASCADE, related_name="references")
    partner = models.ForeignKey(**PARTNER)
    cycle = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    company = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    note = models.TextField(max_length=2000)
    checked_by = models.ForeignKey(**PERSON)
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reference")
        indexes = [models.Index(fields=["case", "cycle"], name="reference_of_case")]


class CaseDecision(Model):
    """One decision of one round, kept for ever."""

    case = models.ForeignKey(RiskCase, on_delete=models.DO_NOTHING, related_name="decisions")
    partner = models.ForeignKey(**KEPT)
    cycle = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=(("approved", _("Approved")), ("declined", _("Declined"))))
    risk = models.CharField(max_length=6)
    note = models.TextField(max_length=2000, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=120)
    approved_until = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision on a risk case")
        indexes = [models.Index(fields=["case", "at"], name="decision_of_case")]
