"""Runs, the payments in them, the lines they pay, and what was held back and why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.payouts.models.fields import PARTNER, PERSON, NextNumber
from openprm.payouts.models.payees import BankAccount
from openprm.payouts.rules.states import Pay, RunState


class Run(Model):
    """One payday: prepared by one person, approved by another, sent and settled."""

    number = models.CharField(max_length=24, unique=True, db_default=NextNumber("run"), editable=False)
    state = models.CharField(max_length=9, choices=[(str(one), str(one)) for one in RunState], default=RunState.PREPARED)
    pay_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    conversions = models.JSONField(default=dict, blank=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(**PERSON)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(**PERSON)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    canceled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("payout run")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[str(one) for one in RunState]), name="run_state_is_known"),
            models.CheckConstraint(condition=Q(approved_by=None) | Q(prepared_by=None) | ~Q(approved_by=F("prepared_by")), name="run_needs_four_eyes"),
        ]
        indexes = [models.Index(fields=["state", "-prepared_at"], name="run_by_state")]

    def __str__(self) -> str:
        return self.number


class Payout(Model):
    """One payment to one payee in one currency."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="payouts")
    partner = models.ForeignKey(**PARTNER)
    number = models.CharField(max_length=24, unique=True, db_default=NextNumber("payout"), editable=False)
    payee_name = models.CharField(max_length=140)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    owed_minor = models.BigIntegerField()
    owed_currency = models.CharField(max_length=3)
    fx_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    fx_date = models.DateField(null=True, blank=True)
    fx_source = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=6)
    bank_account = models.ForeignKey(BankAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider_account = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=[(str(one), str(one)) for one in Pay], default=Pay.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    transfer_ref = models.CharField(max_length=80, blank=True)
    payout_ref = models.CharField(max_length=80, blank=True)
    approved_since = models.DateTimeField()
    processing_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = (
        "number",
        "payee_name",
        "amount_minor",
        "currency",
        "owed_minor",
        "owed_currency",
        "fx_rate",
        "fx_date",
        "method",
        "state",
        "reason",
        "sent_at",
    )

    class Meta:
        verbose_name = _("payout")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[str(one) for one in Pay]), name="payout_state_is_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, owed_minor__gt=0), name="payout_is_positive"),
            models.CheckConstraint(
                condition=Q(currency=F("owed_currency"), fx_rate=None) | Q(fx_rate__isnull=False), name="payout_in_another_currency_has_a_rate"
            ),
            models.UniqueConstraint(fields=["run", "partner", "currency", "owed_currency"], name="one_payment_per_payee_and_currency"),
            models.UniqueConstraint(fields=["id", "partner"], name="payout_id_and_partner"),
            models.UniqueConstraint(fields=["transfer_ref"], condition=~Q(transfer_ref=""), name="one_payout_per_transfer"),
        ]
        indexes = [
            models.Index(fields=["partner", "-created_at"], name="payout_of_partner"),
            models.Index(fields=["state", "run"], name="payout_by_state"),
        ]

    def __str__(self) -> str:
        return self.number


class Item(Model):
    """One line of what was owed, in one payment. While `live` it is in no other: the database says so."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="items")
    partner = models.ForeignKey(**PARTNER)
    source = models.CharField(max_length=40)
    line_id = models.UUIDField()
    number = models.CharField(max_length=60)
    about = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    approved_at = models.DateTimeField()
    live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("payout line")
        constraints = [models.UniqueConstraint(fields=["source", "line_id"], condition=Q(live=True), name="line_is_paid_once")]
        indexes = [models.Index(fields=["partner", "live"], name="payout_item_of_partner")]

    def __str__(self) -> str:
        return self.number


class Held(Model):
    """What a run could not pay to a payee, with the sentence and the cure. Nothing is left out silently."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="held")
    partner = models.ForeignKey(**PARTNER)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    lines = models.PositiveIntegerField()
    code = models.CharField(max_length=20)
    reason = models.CharField(max_length=400)
    cure = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("held payment")
        constraints = [models.UniqueConstraint(fields=["run", "partner", "currency"], name="one_hold_per_payee_and_currency")]

    def __str__(self) -> str:
        return self.reason


class PaymentFile(Model):
    """The file of one method and currency of a run. It is made once; its bytes are always the same."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=6)
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    sealed = models.TextField()
    made_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.ForeignKey(**PERSON)

    snapshot_leaves_out = ("sealed",)

    class Meta:
        verbose_name = _("payment file")
        constraints = [models.UniqueConstraint(fields=["run", "kind", "currency"], name="one_file_per_method_and_currency")]

    def __str__(self) -> str:
        return self.name


class ProviderEvent(Model):
    """An event of the provider, kept by its id: the same one twice changes nothing."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    outcome = models.CharField(max_length=200)
    payout = models.ForeignKey(Payout, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("provider event")
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_counts_once")]

    def __str__(self) -> str:
        return self.event_id


class Statement(Model):
    """A bank statement that was read in. The same file twice is one."""

    name = models.CharField(max_length=160)
    format = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64, unique=True)
    entries = models.PositiveIntegerField()
    settled = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    unmatched = models.JSONField(default=list)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(**PERSON)

    class Meta:
        verbose_name = _("bank statement")

    def __str__(self) -> str:
        return self.name
