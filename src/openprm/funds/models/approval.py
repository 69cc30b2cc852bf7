"""Who decides: the levels of one decision, and how much one person may approve."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.claim import Claim
from openprm.funds.models.fields import LARGEST, PARTNER, PERSON, a_currency, one_of
from openprm.funds.models.request import FundRequest
from openprm.funds.rules.limits import StepState
from openprm.kernel.models import Model


class ApprovalStep(Model):
    """One level of the decision about a request or a claim. A person takes one step of a round at most."""

    request = models.ForeignKey(FundRequest, on_delete=models.CASCADE, null=True, blank=True, related_name="steps")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, null=True, blank=True, related_name="steps")
    partner = models.ForeignKey(**PARTNER)
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default=StepState.WAITING)
    clause = models.CharField(max_length=60, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("approval step")
        ordering = ["round", "position"]
        constraints = [
            one_of("state", StepState, "fund_step_state_known"),
            models.CheckConstraint(condition=Q(request__isnull=True) ^ Q(claim__isnull=True), name="fund_step_of_one_thing"),
            models.UniqueConstraint(fields=["request", "round", "position"], condition=Q(request__isnull=False), name="fund_request_step_once"),
            models.UniqueConstraint(fields=["claim", "round", "position"], condition=Q(claim__isnull=False), name="fund_claim_step_once"),
            models.UniqueConstraint(
                fields=["request", "round", "decided_by"], condition=Q(request__isnull=False, state="approved"), name="fund_request_other_eyes"
            ),
            models.UniqueConstraint(fields=["claim", "round", "decided_by"], condition=Q(claim__isnull=False, state="approved"), name="fund_claim_other_eyes"),
        ]
        indexes = [models.Index("role", F("created_at").desc(), condition=Q(state="waiting"), name="fund_step_waiting")]


class ApproverLimit(Model):
    """The most that one person approves at once, in the base currency. Without a row the published chain alone binds."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    limit_minor = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("approver limit")
        constraints = [
            a_currency("fund_limit_currency_is_a_code"),
            models.CheckConstraint(condition=Q(limit_minor__gte=0, limit_minor__lte=LARGEST), name="fund_limit_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.user_id)
