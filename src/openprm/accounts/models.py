"""The companies that are sold to, the people there, which partner may see them, and what was decided about twins."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from openprm.accounts import rules
from openprm.kernel.models import Model, ScopedManager, ScopedQuerySet


class Words(Func):
    """The words of the normal name as an array."""

    function = "string_to_array"
    arity = 2


class AccountQuerySet(ScopedQuerySet):
    def standing(self) -> "AccountQuerySet":
        """Accounts that were not merged into another."""
        return self.filter(merged_into=None)


class Account(Model):
    class Motion(models.TextChoices):
        DIRECT = "direct", _("Direct")
        CHANNEL = "channel", _("Channel")
        SHARED = "shared", _("Shared")

    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80, blank=True)
    industry = models.CharField(max_length=80, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField(null=True, blank=True)
    annual_revenue_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="subsidiaries")
    motion = models.CharField(max_length=8, choices=Motion, default=Motion.SHARED)
    owner = models.ForeignKey("identity.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_customer = models.BooleanField(default=False)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")
    name_normal = models.CharField(max_length=220, editable=False)
    name_key = models.CharField(max_length=220, editable=False)
    legal_key = models.CharField(max_length=220, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedManager.from_queryset(AccountQuerySet)()

    snapshot_leaves_out = ("name_normal", "name_key", "legal_key")

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="one_account_per_external_id"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(name_key=""), name="account_has_a_name"),
            models.CheckConstraint(condition=~Q(parent=F("id")) & ~Q(merged_into=F("id")), name="account_is_not_its_own_parent"),
            models.CheckConstraint(condition=Q(motion__in=["direct", "channel", "shared"]), name="account_motion_is_known"),
            models.CheckConstraint(condition=Q(annual_revenue_minor=None) | ~Q(currency=""), name="account_revenue_has_a_currency"),
        ]
        indexes = [
            models.Index(fields=["domain"], condition=~Q(domain=""), name="account_domain"),
            models.Index(fields=["name_key"], name="account_name_key"),
            models.Index(Reverse("name_key"), name="account_name_key_backwards"),
            models.Index(fields=["legal_key"], condition=~Q(legal_key=""), name="account_legal_key"),
            GinIndex(Words("name_normal", Value(" ")), name="account_name_words"),
            GinIndex(OpClass("name_normal", name="gin_trgm_ops"), name="account_name_trigrams"),
            models.Index(fields=["name", "id"], name="account_by_name"),
            models.Index(fields=["-created_at", "-id"], name="account_newest"),
            models.Index(fields=["country", "name", "id"], name="account_country_name"),
            models.Index(fields=["owner"], name="account_owner_key"),
        ]

    audit_shared = ("name", "legal_name", "domain", "country", "region", "city", "industry")

    def __str__(self) -> str:
        return self.name

    def normalise(self) -> "Account":
        """Bring the stored normal forms in line with name, legal name and domain; call it before every save."""
        self.domain = rules.normal_domain(self.domain)
        self.name_normal = rules.normal_name(self.name) or self.name.casefold()
        self.name_key = rules.name_key(self.name) or self.name.casefold()
        self.legal_key = rules.name_key(self.legal_name) if self.legal_name else ""
        return self

    def assign(self, values: dict[str, Any]) -> "Account":
        for name, value in values.items():
            setattr(self, name, value)
        return self.normalise()

    @property
    def compared(self) -> rules.Compared:
        return rules.Compared(self.name, self.domain, self.country, self.legal_name)


NORMAL_FORMS = ("domain", "name_normal", "name_key", "legal_key")


def with_normal_forms(fields: Iterable[str]) -> list[str]:
    """Columns to save when `fields` were assigned."""
    return list(dict.fromkeys([*fields, *NORMAL_FORMS, "updated_at"]))


class Contact(Model):
    """A person at an account. One that a partner brought (`partner`) is seen by that partner and the vendor only."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contacts")
    partner = models.ForeignKey("identity.Organization", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=120, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("contact")
        constraints = [
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="one_contact_per_external_id"),
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["account", "name"], name="contact_account_name"),
            models.Index(fields=["email"], condition=~Q(email=""), name="contact_email"),
            models.Index(fields=["-created_at", "-id"], name="contact_newest"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountAccess(Model):
    """A partner may see an account, and why: it registered a deal there, or the vendor shared it."""

    class Reason(models.TextChoices):
        REGISTRATION = "registration", _("Registered a deal")
        SHARED = "shared", _("Shared by the vendor")
        IMPORTED = "imported", _("Imported")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="access")
    partner = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)

    class Meta:
        verbose_name = _("access to an account")
        constraints = [models.UniqueConstraint(fields=["account", "partner"], name="one_access_per_partner")]
        indexes = [models.Index(fields=["partner", "account"], name="access_partner_account")]


class Distinction(Model):
    """A person looked at two accounts and said that they are not the same company. `first` has the smaller id."""

    first = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    decided_by = models.ForeignKey("identity.User", null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("decision that two accounts differ")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_distinction_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinction_is_ordered"),
        ]
        indexes = [models.Index(fields=["second"], name="distinction_second")]


class Merge(Model):
    """One account was merged into another; `moved` names every row that changed hands, so that it can be undone."""

    kept = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    filled = models.JSONField(default=dict)
    decided_by = models.ForeignKey("identity.User", null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("merge")
        constraints = [models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="merged_once")]
        indexes = [models.Index(fields=["kept", "-created_at"], name="merge_kept_newest")]
