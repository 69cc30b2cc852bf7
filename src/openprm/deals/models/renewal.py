"""The end of a term: who is asked to renew, who has the first right until when, and what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.fields import one_of
from openprm.deals.models.registration import Registration
from openprm.deals.rules.renewals import Right, State
from openprm.kernel.models import Model


class Renewal(Model):
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="renewals")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    product_line_ids = ArrayField(models.UUIDField())
    term_ends_on = models.DateField()
    opened_at = models.DateTimeField()
    right = models.CharField(max_length=10, default=Right.INCUMBENT)
    first_right_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, default=State.OPEN)
    renewed_by = models.ForeignKey(Registration, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)

    audit_shared = ("term_ends_on", "right", "first_right_until", "state", "clause", "closed_at", "renewed_by_id")

    class Meta:
        verbose_name = _("renewal")
        constraints = [
            models.UniqueConstraint(fields=["registration", "term_ends_on"], name="renewal_once_per_term"),
            one_of("right", Right, "renewal_right_known"),
            one_of("state", State, "renewal_state_known"),
            models.CheckConstraint(condition=Q(state=State.OPEN) | Q(closed_at__isnull=False), name="renewal_closed_is_dated"),
        ]
        indexes = [
            models.Index("term_ends_on", "id", name="renewal_by_end"),
            models.Index("partner", "term_ends_on", name="renewal_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.registration.number} {self.term_ends_on}"
