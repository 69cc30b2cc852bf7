"""Protection grants, and the log of blind pre-checks."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.catalogue import ProductLine, Territory
from openprm.deals.models.fields import TimeSpan
from openprm.deals.models.registration import Registration
from openprm.deals.rules.precheck import Answer
from openprm.kernel.models import Model


class ProtectionGrant(Model):
    """One partner alone may sell one product line to one customer in one territory for a while (X2)."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        EXTENDED = "extended", _("Extended")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    class Kind(models.TextChoices):
        DEAL = "deal", _("Deal")
        RENEWAL = "renewal", _("First right to renew")

    LIVE = (Status.ACTIVE, Status.EXTENDED)

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DEAL)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="grants")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    period = models.GeneratedField(expression=TimeSpan("starts_at", "ends_at", Value("[)")), output_field=DateTimeRangeField(), db_persist=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    extended_reason = models.CharField(max_length=500, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)

    audit_shared = ("kind", "status", "starts_at", "ends_at", "ended_at", "extended_at", "extended_reason", "ended_reason")

    class Meta:
        verbose_name = _("protection")
        constraints = [
            ExclusionConstraint(
                name="one_live_protection",
                expressions=[
                    (F("account"), RangeOperators.EQUAL),
                    (F("product_line"), RangeOperators.EQUAL),
                    (F("territory"), RangeOperators.EQUAL),
                    (F("period"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["active", "extended"]),
            ),
            models.UniqueConstraint(fields=["registration", "product_line", "kind"], name="one_grant_per_line_and_kind"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="protection_ends_after_start"),
            models.CheckConstraint(condition=Q(status__in=["active", "extended"]) | Q(ended_at__isnull=False), name="protection_ended_is_dated"),
        ]
        indexes = [
            models.Index("ends_at", "id", condition=Q(status__in=["active", "extended"]), name="protection_live_end"),
            models.Index("partner", "ends_at", condition=Q(status__in=["active", "extended"]), name="protection_partner_live"),
            models.Index("account", "ends_at", name="protection_account"),
        ]


class Precheck(Model):
    """One "is it free?" that somebody asked, and the word that was answered (X10). It names no account."""

    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    customer = models.CharField(max_length=253)
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=10)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pre-check")
        constraints = [models.CheckConstraint(condition=Q(answer__in=[answer.value for answer in Answer]), name="precheck_answer_known")]
        indexes = [
            models.Index("user", "asked_at", name="precheck_person"),
            models.Index("partner", F("asked_at").desc(), name="precheck_partner"),
        ]
