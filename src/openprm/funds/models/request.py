"""What a partner asks for: a request with its activities, each approved for itself."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.allocation import Allocation
from openprm.funds.models.fields import LARGEST, PARTNER, PERSON, NextNumber, a_currency, money, one_of
from openprm.funds.rules.lifecycle import ActivityStatus, RequestStatus
from openprm.kernel.models import Model

MOST_ACTIVITIES = 20


class FundRequest(Model):
    number = models.CharField(max_length=14, db_default=NextNumber("FR"), editable=False, unique=True)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="requests")
    partner = models.ForeignKey(**PARTNER)
    title = models.CharField(max_length=160)
    purpose = models.CharField(max_length=2000, blank=True)
    expected = models.CharField(max_length=500, blank=True)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, default=RequestStatus.DRAFT)
    asked_minor = money()
    approved_minor = money(editable=False)
    released_minor = money(editable=False)
    waiting_minor = money(editable=False)
    claimed_minor = money(editable=False)
    paid_minor = money(editable=False)
    requested_by = models.ForeignKey(**PERSON)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    first_paid_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("title", "purpose", "expected", "status", "asked_minor", "currency", "submitted_at", "decided_at", "answer")
    snapshot_leaves_out = ("approved_minor", "released_minor", "waiting_minor", "claimed_minor", "paid_minor")

    class Meta:
        verbose_name = _("funds request")
        constraints = [
            one_of("status", RequestStatus, "fund_request_status_known"),
            a_currency("fund_request_currency_is_a_code"),
            models.UniqueConstraint(fields=["id", "partner"], name="fund_request_with_partner"),
            models.UniqueConstraint(fields=["id", "allocation", "partner", "currency"], name="fund_request_with_fund"),
            models.CheckConstraint(condition=Q(asked_minor__gte=0, asked_minor__lte=LARGEST), name="fund_request_asked_in_range"),
            models.CheckConstraint(condition=Q(status__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False), name="fund_request_sent_has_moment"),
        ]
        indexes = [
            models.Index("allocation", "status", name="fund_request_of_fund"),
            models.Index("partner", F("created_at").desc(), F("id").desc(), name="fund_request_partner"),
            models.Index("status", F("created_at").desc(), F("id").desc(), name="fund_request_status"),
            models.Index("first_paid_at", condition=Q(first_paid_at__isnull=False), name="fund_request_paid"),
        ]

    def __str__(self) -> str:
        return self.number


class Activity(Model):
    """One thing that is done with the money. `terms` are the catalogue's rules as they stood when the request was sent.

    Never more is claimed and released than was approved, never more paid than claimed: checks, kept true by triggers on claims.
    """

    request = models.ForeignKey(FundRequest, on_delete=models.CASCADE, related_name="activities")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="activities")
    partner = models.ForeignKey(**PARTNER)
    activity_type = models.ForeignKey("funds.ActivityType", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField()
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3)
    planned_minor = money()
    asked_minor = money()
    approved_minor = money()
    released_minor = money()
    waiting_minor = money(editable=False)
    claimed_minor = money(editable=False)
    paid_minor = money(editable=False)
    status = models.CharField(max_length=10, default=ActivityStatus.PLANNED)
    claim_by = models.DateField(null=True, blank=True)
    warned_days = models.PositiveSmallIntegerField(default=0, editable=False)
    terms = models.JSONField(default=dict, blank=True)

    audit_shared = ("title", "starts_on", "ends_on", "planned_minor", "asked_minor", "approved_minor", "currency", "status", "claim_by")
    snapshot_leaves_out = ("terms", "waiting_minor", "claimed_minor", "paid_minor", "warned_days")

    class Meta:
        verbose_name = _("activity")
        ordering = ["position"]
        constraints = [
            one_of("status", ActivityStatus, "fund_activity_status_known"),
            models.UniqueConstraint(fields=["id", "partner"], name="fund_activity_with_partner"),
            models.UniqueConstraint(fields=["request", "position"], name="fund_activity_position_once"),
            models.CheckConstraint(condition=Q(planned_minor__gt=0, planned_minor__lte=LARGEST), name="fund_activity_cost_in_range"),
            models.CheckConstraint(condition=Q(asked_minor__gt=0) & Q(asked_minor__lte=F("planned_minor")), name="fund_asked_within_cost"),
            models.CheckConstraint(condition=Q(approved_minor__gte=0) & Q(approved_minor__lte=F("asked_minor")), name="fund_approved_within_asked"),
            models.CheckConstraint(
                condition=Q(approved_minor__gte=F("released_minor") + F("claimed_minor") + F("waiting_minor")), name="fund_claims_within_request"
            ),
            models.CheckConstraint(condition=Q(paid_minor__gte=0) & Q(paid_minor__lte=F("claimed_minor")), name="fund_paid_within_claims"),
            models.CheckConstraint(condition=Q(released_minor__gte=0, waiting_minor__gte=0, claimed_minor__gte=0), name="fund_sums_not_negative"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="fund_activity_ends_after_start"),
        ]
        indexes = [
            models.Index("claim_by", condition=Q(status="approved"), name="fund_activity_claim_by"),
            models.Index("allocation", name="fund_activity_of_fund"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open_minor(self) -> int:
        """What can still be claimed."""
        return self.approved_minor - self.released_minor - self.claimed_minor - self.waiting_minor
