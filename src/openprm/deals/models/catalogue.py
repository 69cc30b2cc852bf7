"""What is sold, where, and in which money."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.fields import currency_column, currency_is_a_code
from openprm.kernel.models import Model


class ProductLine(Model):
    """A family of products; protection is granted per line."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("product line")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Product(Model):
    line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="products")
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    list_price_minor = models.BigIntegerField(null=True, blank=True)
    currency = currency_column(blank=True)
    is_active = models.BooleanField(default=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("product")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="product_once_per_source"),
            models.UniqueConstraint(fields=["id", "line"], name="product_and_its_line"),
            models.CheckConstraint(condition=Q(list_price_minor__isnull=True) | Q(list_price_minor__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(condition=Q(list_price_minor__isnull=True) | ~Q(currency=""), name="product_price_has_currency"),
            currency_is_a_code("product"),
        ]

    def __str__(self) -> str:
        return self.name


class Territory(Model):
    """A part of the market. A customer's country leads to it; the default one takes the rest of the world."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_territory")]
        indexes = [GinIndex(fields=["countries"], name="territory_countries")]

    def __str__(self) -> str:
        return self.name


class ExchangeRate(Model):
    """One unit of `currency` is `rate` units of `base`, known on `rate_date`. Rates are added, never changed."""

    currency = currency_column()
    base = currency_column()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    rate_date = models.DateField()
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("exchange rate")
        constraints = [
            models.UniqueConstraint(fields=["base", "currency", "rate_date"], name="one_rate_per_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
            currency_is_a_code("exchangerate"),
            currency_is_a_code("exchangerate", "base"),
        ]
