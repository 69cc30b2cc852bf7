"""A deal registration and what belongs to its decision."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Upper
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.catalogue import Product, ProductLine, Territory
from openprm.deals.models.fields import NextDealNumber, choices_of, currency_column, currency_is_a_code, one_of, stage_is_a_code
from openprm.deals.rules.chain import StepState
from openprm.deals.rules.conflict import FindingKind, Verdict
from openprm.deals.rules.lifecycle import BEFORE_DECISION, COUNTS_AGAINST_CAPACITY, WAITS_FOR_VENDOR, DealType, Stage, Status
from openprm.deals.wording import DEAL_TYPE, STATUS, VERDICT
from openprm.kernel.models import Model

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
_DECIDED = [Status.APPROVED, Status.CLOSED_WON, Status.CLOSED_LOST, Status.EXPIRED]


def _values(statuses) -> list[str]:
    return sorted(status.value for status in statuses)


class Registration(Model):
    number = models.CharField(max_length=24, unique=True, db_default=NextDealNumber(), editable=False)
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitter = models.ForeignKey(**PERSON)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    title = models.CharField(max_length=160, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)
    customer_domain = models.CharField(max_length=253, blank=True)
    customer_country = models.CharField(max_length=2, blank=True)
    customer_city = models.CharField(max_length=120, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_title = models.CharField(max_length=120, blank=True)
    deal_type = models.CharField(max_length=12, choices=choices_of(DEAL_TYPE), default=DealType.NEW)
    description = models.TextField(max_length=4000, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    competitor = models.CharField(max_length=120, blank=True)
    engaged_since_date = models.DateField(null=True, blank=True)
    expected_close_date = models.DateField(null=True, blank=True)

    amount_minor = models.BigIntegerField(default=0)
    currency = currency_column(default="EUR")
    base_amount_minor = models.BigIntegerField(default=0)
    base_currency = currency_column(blank=True)
    fx_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    fx_date = models.DateField(null=True, blank=True)

    status = models.CharField(max_length=20, choices=choices_of(STATUS), default=Status.DRAFT)
    stage = models.CharField(max_length=24, default=Stage.PROSPECT)
    stage_changed_at = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(null=True, blank=True)
    stalled_alert_at = models.DateTimeField(null=True, blank=True)
    stall_snoozed_until = models.DateTimeField(null=True, blank=True)
    stall_snooze_reason = models.CharField(max_length=500, blank=True)
    verdict = models.CharField(max_length=10, choices=choices_of(VERDICT), default=Verdict.NONE)
    finding_kinds = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    candidate_ids = ArrayField(models.UUIDField(), default=list, blank=True)

    submitted_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(**PERSON)
    review_started_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    protected_until = models.DateTimeField(null=True, blank=True)
    bonus_days = models.PositiveSmallIntegerField(default=0)
    remedied_at = models.DateTimeField(null=True, blank=True)

    returned_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    returned_message = models.CharField(max_length=2000, blank=True)
    resubmit_count = models.PositiveSmallIntegerField(default=0)
    lost_code = models.CharField(max_length=40, blank=True)
    lost_stage = models.CharField(max_length=24, blank=True, default="", db_default="")
    lost_competitor = models.CharField(max_length=120, blank=True)
    lost_reason = models.CharField(max_length=500, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)

    # The deal this one renews or grows from, the deal its chain began with, and the deal it was split from.
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    first_deal = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    search_text = models.GeneratedField(
        expression=Upper(Concat("number", Value(" "), "customer_name", Value(" "), "title", Value(" "), "customer_domain")),
        output_field=models.TextField(),
        db_persist=True,
    )

    # The columns that only keep books follow from the ones that are told; rate and base amount are in the approval's own data.
    snapshot_leaves_out = (
        *("version", "candidate_ids", "finding_kinds", "stalled_alert_at", "answer_due_at", "stage_changed_at", "review_started_at"),
        *("active_at", "stall_snoozed_until", "stall_snooze_reason", "lost_stage"),
        *("remedied_at", "booked_at", "fx_rate", "fx_date", "base_currency", "base_amount_minor", "territory_id", "program_id"),
    )
    audit_shared = (
        *("number", "title", "customer_name", "customer_domain", "customer_country", "customer_city"),
        *("contact_name", "contact_email", "contact_phone", "contact_title", "deal_type", "description", "next_step", "competitor"),
        *("engaged_since_date", "expected_close_date", "amount_minor", "currency"),
        *("status", "stage", "submitted_at", "decided_at", "closed_at", "protected_until", "bonus_days"),
        *("returned_fields", "returned_message", "resubmit_count", "lost_code", "lost_competitor", "lost_reason", "reopened_at", "ended_reason"),
        *("follows_id", "first_deal_id", "split_from_id"),
    )

    class Meta:
        verbose_name = _("registration")
        constraints = [
            models.UniqueConstraint(fields=["id", "partner"], name="registration_and_its_partner"),
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="registration_once_per_source"),
            one_of("status", Status, "registration_status_known"),
            stage_is_a_code("registration"),
            one_of("deal_type", DealType, "registration_type_known"),
            one_of("verdict", Verdict, "registration_verdict_known"),
            currency_is_a_code("registration"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0, amount_minor__lte=10**15), name="registration_amount_in_range"),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.CANCELED]) | Q(submitted_at__isnull=False, territory__isnull=False),
                name="registration_submitted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_DECIDED) | Q(account__isnull=False, decided_at__isnull=False, fx_rate__isnull=False),
                name="registration_approved_is_complete",
            ),
            models.CheckConstraint(condition=~Q(status=Status.RETURNED) | ~Q(returned_fields=[]), name="registration_returned_names_fields"),
            models.CheckConstraint(condition=~Q(status=Status.CLOSED_LOST) | ~Q(lost_reason=""), name="registration_lost_has_reason"),
            models.CheckConstraint(condition=~Q(status=Status.WITHDRAWN) | ~Q(ended_reason=""), name="registration_withdrawn_has_reason"),
        ]
        indexes = [
            # Lists: newest first, for all and for one partner; and the other columns people sort by.
            models.Index(F("created_at").desc(), F("id").desc(), name="registration_newest"),
            models.Index("partner", F("created_at").desc(), F("id").desc(), name="registration_partner_newest"),
            models.Index(F("status"), F("created_at").desc(), F("id").desc(), name="registration_status_newest"),
            models.Index(F("submitted_at").desc(nulls_last=True), F("id").desc(), name="registration_by_submission"),
            models.Index(F("submitted_at"), F("id"), name="registration_by_submission_up"),
            models.Index(F("base_amount_minor"), F("id"), name="registration_by_amount"),
            models.Index(F("expected_close_date"), F("id"), name="registration_by_close"),
            models.Index(F("expected_close_date").desc(nulls_last=True), F("id").desc(), name="registration_by_close_down"),
            models.Index(F("protected_until"), F("id"), name="registration_by_protection"),
            models.Index(F("protected_until").desc(nulls_last=True), F("id").desc(), name="registration_by_protection_end"),
            models.Index("verdict", F("created_at").desc(), F("id").desc(), condition=~Q(verdict=Verdict.NONE), name="registration_conflicts"),
            models.Index(F("customer_name"), F("id"), name="registration_by_customer"),
            # The decision queue, the capacity count and the jobs touch few rows of many.
            models.Index("answer_due_at", "id", condition=Q(status__in=_values(WAITS_FOR_VENDOR)), name="registration_waiting"),
            models.Index("answer_due_at", "id", name="registration_by_due"),
            models.Index("partner", "status", condition=Q(status__in=_values(COUNTS_AGAINST_CAPACITY)), name="registration_active"),
            models.Index("stage", F("base_amount_minor").desc(), F("id").desc(), condition=Q(status=Status.APPROVED), name="registration_pipeline"),
            models.Index("stage_changed_at", condition=Q(status=Status.APPROVED), name="registration_stalled"),
            models.Index("stalled_alert_at", condition=Q(status=Status.APPROVED, stalled_alert_at__isnull=False), name="registration_still"),
            models.Index("first_deal", condition=Q(first_deal__isnull=False), name="registration_chain"),
            models.Index("follows", condition=Q(follows__isnull=False), name="registration_follows"),
            models.Index("split_from", condition=Q(split_from__isnull=False), name="registration_split"),
            models.Index("program", "closed_at", condition=Q(status=Status.CLOSED_LOST), name="registration_lost"),
            models.Index("closed_at", include=["base_amount_minor"], condition=Q(status=Status.CLOSED_WON), name="registration_won"),
            models.Index("protected_until", include=["base_amount_minor"], condition=Q(status=Status.APPROVED), name="registration_protected"),
            # The conflict check.
            models.Index("account", "status", condition=Q(account__isnull=False), name="registration_account"),
            models.Index(
                "customer_domain",
                condition=Q(account__isnull=True, status__in=_values(BEFORE_DECISION)) & ~Q(customer_domain=""),
                name="registration_open_domain",
            ),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="registration_search_trigram"),
        ]

    def __str__(self) -> str:
        return self.number


class Line(Model):
    """One product of a deal. The product line is stored beside it: protection is granted for it."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="lines")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField(default=1)
    amount_minor = models.BigIntegerField(default=0)
    term_months = models.PositiveSmallIntegerField(default=0)
    term_starts_on = models.DateField(null=True, blank=True)
    term_ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("deal line")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "product"], name="line_once_per_product"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0, amount_minor__lte=10**15), name="line_amount_in_range"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=1_000_000), name="line_quantity_in_range"),
            models.CheckConstraint(condition=Q(term_months__lte=240), name="line_term_in_range"),
        ]
        indexes = [models.Index("term_ends_on", condition=Q(term_ends_on__isnull=False), name="line_term_end")]


class ApprovalStep(Model):
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="steps")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    approver = models.ForeignKey(**PERSON)
    state = models.CharField(max_length=10, default=StepState.WAITING)
    decided_by = models.ForeignKey(**PERSON)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("approval step")
        ordering = ["position", "role"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "position", "role"], name="step_once_per_role"),
            one_of("state", StepState, "step_state_known"),
        ]


class Decision(Model):
    """Why a registration was routed, approved, rejected or mended: rule version, clause, inputs, what would have changed it (X3)."""

    class Kind(models.TextChoices):
        ROUTED = "routed", _("Routed")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        REMEDIED = "remedied", _("Remedied")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="decisions")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    automatic = models.BooleanField(default=False)
    by = models.ForeignKey(**PERSON)
    by_name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    inputs = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    would_change = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("decision")
        ordering = ["created_at", "id"]


class Finding(Model):
    """What the conflict check found. It names others, so the partner's role never reads it."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=30)
    other_partner = models.ForeignKey("identity.Organization", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    other_registration = models.ForeignKey(Registration, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    opportunity = models.ForeignKey("deals.Opportunity", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)
    found_at = models.DateTimeField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("finding")
        ordering = ["position", "id"]
        constraints = [one_of("kind", FindingKind, "finding_kind_known")]


class Collaborator(Model):
    """A person of the partner who works on the deal; a collaborator-only person sees no other (A3)."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="collaborators")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("collaborator")
        constraints = [models.UniqueConstraint(fields=["registration", "user"], name="collaborator_once")]


class ReviewerRegion(Model):
    """A person who reviews the deals of a region: the partner's, or the customer's. Two separate rights (D12)."""

    class Basis(models.TextChoices):
        PARTNER = "partner", _("Partner's region")
        CUSTOMER = "customer", _("Customer's territory")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    basis = models.CharField(max_length=10, choices=Basis)
    region = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("regional reviewer")
        constraints = [models.UniqueConstraint(fields=["user", "basis", "region"], name="reviewer_once_per_region")]
        indexes = [models.Index(fields=["basis", "region"], name="reviewer_by_region")]
