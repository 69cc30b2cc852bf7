"""Who is paid, on which account, with which papers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.payouts.models.fields import PARTNER, PERSON
from openprm.payouts.rules.states import Bank, Tax


class Payee(Model):
    """How one partner is paid: its legal name and address, and whether by bank or by the provider."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PERSON = "person", _("Person")

    class Method(models.TextChoices):
        BANK = "bank", _("Bank transfer")
        PROVIDER = "provider", _("Payment provider")

    partner = models.OneToOneField(**PARTNER)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.COMPANY)
    legal_name = models.CharField(max_length=140)
    street = models.CharField(max_length=140, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=70, blank=True)
    country = models.CharField(max_length=2)
    method = models.CharField(max_length=8, choices=Method, default=Method.BANK)
    provider_account = models.CharField(max_length=80, blank=True)
    provider_ready = models.BooleanField(default=False)
    provider_note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("kind", "legal_name", "street", "postal_code", "city", "country", "method", "provider_account", "provider_ready")

    class Meta:
        verbose_name = _("payee")
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="payee_country_is_a_code"),
            models.UniqueConstraint(fields=["provider_account"], condition=~Q(provider_account=""), name="one_payee_per_provider_account"),
        ]

    def __str__(self) -> str:
        return self.legal_name


class BankAccount(Model):
    """An account of a payee. The full number is sealed; people see the last four. It is paid to once verified and cooled off."""

    class Kind(models.TextChoices):
        IBAN = "iban", _("IBAN")
        US = "us", _("US account")

    partner = models.ForeignKey(**PARTNER)
    kind = models.CharField(max_length=4, choices=Kind)
    currency = models.CharField(max_length=3)
    holder = models.CharField(max_length=140)
    country = models.CharField(max_length=2)
    last4 = models.CharField(max_length=4)
    sealed = models.TextField()
    fingerprint = models.CharField(max_length=64)
    bic = models.CharField(max_length=11, blank=True)
    routing = models.CharField(max_length=9, blank=True)
    state = models.CharField(max_length=9, choices=[(str(one), str(one)) for one in Bank], default=Bank.ENTERED)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(**PERSON)
    code_sealed = models.TextField(blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(**PERSON)
    verified_how = models.CharField(max_length=8, blank=True)
    usable_from = models.DateTimeField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("kind", "currency", "holder", "country", "last4", "bic", "routing", "state", "usable_from", "note")
    snapshot_leaves_out = ("sealed", "code_sealed", "fingerprint")

    class Meta:
        verbose_name = _("bank account")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[str(one) for one in Bank]), name="bank_state_is_known"),
            models.CheckConstraint(condition=~Q(state="verified") | Q(verified_at__isnull=False, usable_from__isnull=False), name="verified_bank_says_when"),
            models.UniqueConstraint(fields=["partner", "currency"], condition=Q(state__in=["entered", "verifying", "verified"]), name="one_live_bank_account"),
            models.UniqueConstraint(fields=["id", "partner"], name="bank_id_and_partner"),
        ]
        indexes = [
            models.Index(fields=["state", "entered_at"], name="bank_waits"),
            models.Index(fields=["fingerprint"], name="bank_same_number"),
        ]

    def __str__(self) -> str:
        return f"•••• {self.last4}"


class TaxForm(Model):
    """A tax form of a payee: its number is sealed, checked by its digits, and it ends on a day."""

    class Kind(models.TextChoices):
        W9 = "w9", _("W-9")
        W8BENE = "w8bene", _("W-8BEN-E")
        VAT = "vat", _("VAT id")

    partner = models.ForeignKey(**PARTNER)
    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=140)
    country = models.CharField(max_length=2)
    last4 = models.CharField(max_length=4)
    sealed = models.TextField()
    signed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=[(str(one), str(one)) for one in Tax], default=Tax.SUBMITTED)
    submitted_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(**PERSON)
    note = models.TextField(max_length=2000, blank=True)
    reminded = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("kind", "name", "country", "last4", "signed_on", "expires_on", "state", "note")
    snapshot_leaves_out = ("sealed",)

    class Meta:
        verbose_name = _("tax form")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[str(one) for one in Tax]), name="tax_state_is_known"),
            models.CheckConstraint(condition=~Q(state="accepted") | Q(checked_at__isnull=False), name="accepted_tax_form_says_when"),
            models.UniqueConstraint(fields=["partner", "kind"], condition=Q(state__in=["submitted", "accepted"]), name="one_live_tax_form"),
        ]
        indexes = [models.Index(fields=["state", "expires_on"], name="tax_form_ends")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Invoice(Model):
    """The invoice that a partner sends us for one payment, where its country asks for one."""

    partner = models.ForeignKey(**PARTNER)
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    sent_at = models.DateTimeField()
    payout = models.ForeignKey("payouts.Payout", null=True, blank=True, on_delete=models.SET_NULL, related_name="invoices")
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("number", "issued_on", "amount_minor", "currency")

    class Meta:
        verbose_name = _("invoice")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payee_invoice_is_positive"),
            models.UniqueConstraint(fields=["partner", "number"], name="one_payee_invoice_per_number"),
        ]

    def __str__(self) -> str:
        return self.number


class Document(Model):
    """A file that proves something: evidence of an account, a signed form, an invoice."""

    partner = models.ForeignKey(**PARTNER)
    subject_id = models.UUIDField()
    shared = models.BooleanField(default=True)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, unique=True)
    author_name = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField()

    audit_shared = ("name", "size", "sha256")
    snapshot_leaves_out = ("storage_key",)

    class Meta:
        verbose_name = _("document")
        indexes = [models.Index(fields=["subject_id"], name="payout_document_about")]

    def __str__(self) -> str:
        return self.name
