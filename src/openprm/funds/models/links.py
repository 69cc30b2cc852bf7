"""What a request brought: its part in leads, deals and campaigns; and the assumptions of the return."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.proofs import BY_PERSON, OF_PARTNER
from openprm.kernel.models import Model


class RequestLink(Model):
    """A request's share of one lead, deal or campaign. `deal_id` is the deal it counts for: itself, or what the lead became.

    The database holds the sum of all shares of one deal at 100 % over all requests.
    """

    class Kind(models.TextChoices):
        DEAL = "deal", _("Deal")
        LEAD = "lead", _("Lead")
        CAMPAIGN = "campaign", _("Campaign")

    partner = models.ForeignKey(**OF_PARTNER)
    request = models.ForeignKey("funds.FundRequest", on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=Kind)
    subject_id = models.UUIDField()
    subject_label = models.CharField(max_length=200)
    deal_id = models.UUIDField(null=True, blank=True)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    note = models.CharField(max_length=300, blank=True)
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(**BY_PERSON)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("kind", "subject_label", "weight", "note")

    class Meta:
        verbose_name = _("link")
        ordering = ["linked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "kind", "subject_id"], name="one_link_per_subject"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="link_weight_is_a_share"),
            models.CheckConstraint(condition=~Q(kind="deal") | Q(deal_id__isnull=False), name="deal_link_names_its_deal"),
        ]
        indexes = [models.Index(fields=["deal_id"], name="links_of_deal"), models.Index(fields=["kind", "subject_id"], name="links_of_subject")]

    def __str__(self) -> str:
        return self.subject_label


class ReturnTerms(Model):
    """The vendor's assumptions of a return: the gross margin on revenue, and how long after an activity a deal still counts."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    margin_percent = models.DecimalField(max_digits=5, decimal_places=2)
    window_days = models.PositiveSmallIntegerField(default=365)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("assumptions of the return")
        constraints = [
            models.CheckConstraint(condition=Q(margin_percent__gte=0, margin_percent__lte=100), name="margin_is_a_share"),
            models.CheckConstraint(condition=Q(window_days__gte=1, window_days__lte=1825), name="return_window_is_known"),
            models.UniqueConstraint(fields=["program"], nulls_distinct=False, name="one_set_of_assumptions"),
        ]
