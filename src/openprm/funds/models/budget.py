"""Budgets: a tree of up to five levels, each handing on no more than it has."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.fields import LARGEST, PARTNER, PERSON, NextNumber, a_currency, money, one_of
from openprm.funds.rules.lifecycle import Kind
from openprm.kernel.models import Model

MOST_LEVELS = 5


class Budget(Model):
    """`allotted_minor` is what was handed on to budgets below and to partners; a trigger keeps it, a check holds it under the amount.

    `ignores_limits` lets it hand on more than it has. It can be set, never taken back.
    """

    number = models.CharField(max_length=14, db_default=NextNumber("FB"), editable=False, unique=True)
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=1000, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    level = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=4, default=Kind.MDF)
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(**PARTNER, null=True, blank=True)
    owner = models.ForeignKey(**PERSON)
    currency = models.CharField(max_length=3)
    amount_minor = money()
    allotted_minor = money(editable=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    ignores_limits = models.BooleanField(default=False)
    is_closed = models.BooleanField(default=False)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("budget")
        constraints = [
            one_of("kind", Kind, "fund_budget_kind_known"),
            a_currency("fund_budget_currency_is_a_code"),
            models.UniqueConstraint(fields=["id", "currency"], name="fund_budget_with_currency"),
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="one_fund_budget_per_external_id"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=MOST_LEVELS), name="fund_budget_five_levels"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0, amount_minor__lte=LARGEST), name="fund_budget_amount_in_range"),
            models.CheckConstraint(condition=Q(ignores_limits=True) | Q(allotted_minor__lte=F("amount_minor")), name="fund_children_within_budget"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="fund_budget_ends_after_start"),
        ]
        indexes = [
            models.Index("parent", name="fund_budget_parent"),
            models.Index(F("created_at").desc(), F("id").desc(), name="fund_budget_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
