"""A sales opportunity: the vendor's own (no partner) or one that a registration became (D11)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.catalogue import Product, ProductLine
from openprm.deals.models.fields import currency_column, currency_is_a_code, stage_is_a_code
from openprm.deals.models.registration import PERSON, Registration
from openprm.deals.rules.lifecycle import Stage
from openprm.kernel.models import Model


class Opportunity(Model):
    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    name = models.CharField(max_length=200)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    registration = models.OneToOneField(Registration, on_delete=models.SET_NULL, null=True, blank=True, related_name="opportunity")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(**PERSON)
    owner_name = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=24, default=Stage.PROSPECT)
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = currency_column(blank=True)
    base_amount_minor = models.BigIntegerField(null=True, blank=True)
    base_currency = currency_column(blank=True)
    fx_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    fx_date = models.DateField(null=True, blank=True)
    opened_date = models.DateField(null=True, blank=True)
    close_date = models.DateField(null=True, blank=True)
    active_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    lost_reason = models.CharField(max_length=500, blank=True)
    is_registered = models.BooleanField(default=False)
    registered_until = models.DateTimeField(null=True, blank=True)
    registered_partner = models.ForeignKey("identity.Organization", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "active_at", "fx_rate", "fx_date", "base_currency", "base_amount_minor")
    audit_shared = ("name", "stage", "status", "amount_minor", "currency", "close_date", "is_registered", "registered_until")

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        constraints = [
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="opportunity_once_per_source"),
            stage_is_a_code("opportunity"),
            currency_is_a_code("opportunity"),
            models.CheckConstraint(condition=Q(amount_minor__isnull=True) | ~Q(currency=""), name="opportunity_amount_has_currency"),
            models.CheckConstraint(
                condition=Q(is_registered=True, registered_partner__isnull=False)
                | Q(is_registered=False, registered_partner__isnull=True, registered_until__isnull=True),
                name="opportunity_registered_marks_agree",
            ),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="opportunity_newest"),
            models.Index("partner", F("created_at").desc(), F("id").desc(), name="opportunity_partner_newest"),
            models.Index("account", "status", name="opportunity_account"),
            models.Index("external_source", "partner", name="opportunity_source"),
        ]

    def __str__(self) -> str:
        return self.name
