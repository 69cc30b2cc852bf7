"""The accounts and providers that the vendor pays from."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, refuse_if, refused_by
from openprm.kernel.money import minor_units
from openprm.kernel.registry import registry
from openprm.payouts import policies
from openprm.payouts.models import PayingAccount
from openprm.payouts.models.desk import PAYING_KINDS
from openprm.payouts.ports import PROVIDERS, ProviderKind
from openprm.payouts.rules import numbers
from openprm.payouts.rules.files.orders import Payer
from openprm.payouts.sealed import seal, unseal
from openprm.payouts.services.unit import bad_number, choice, load, record, save, text

STRIPE = "https://api.stripe.com"


@transaction.atomic
def save_account(*, actor: Actor, values: Mapping[str, Any], account_id: UUID | None = None, version: int | None = None, at: datetime) -> UUID:
    """Set up what is paid from. A secret that is left empty stays as it was. Raises NotFound, NotAllowed, Invalid, Conflict, Stale."""
    refuse_if(policies.why_not_configure(actor))
    row = load(policies.reach_paying(actor), account_id, version) if account_id else PayingAccount(kind=choice("kind", values.get("kind"), PAYING_KINDS))
    before = row.snapshot() if account_id else {}
    secret = json.loads(unseal(row.sealed)) if row.sealed else {}
    row.name, row.is_active = text("name", values.get("name"), longest=140), bool(values.get("is_active", True))
    row.currency, row.facts, secret = _READ[row.kind](values, secret)
    row.sealed, row.last4 = seal(json.dumps(secret, sort_keys=True)), next(iter(secret.values()), "")[-4:]
    if account_id:
        row.version += 1
    taken = Conflict(_("There is an account of this kind and currency already. Change that one, or switch it off first."), field="kind")
    with refused_by("one_paying_account_per_kind", taken):
        row.save()
    record(actor, "payout.paying_saved", row, before=before, note=row.name, at=at)
    return row.pk


def _sepa(values: Mapping[str, Any], secret: Mapping[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    try:
        account = numbers.iban(str(values.get("iban") or secret.get("iban") or ""), str(values.get("bic") or ""))
    except numbers.BadNumber as error:
        raise bad_number(error) from None
    return "EUR", {"bic": account.bic}, {"iban": account.text}


def _ach(values: Mapping[str, Any], secret: Mapping[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    try:
        routing = numbers.us_account(str(values.get("routing") or ""), "0000").routing
    except numbers.BadNumber as error:
        raise bad_number(error) from None
    company = str(values.get("company_id") or "").strip()
    if not re.fullmatch(r"[0-9A-Z]{9,10}", company):
        raise Invalid(_("The company id that your bank gave you for ACH has 9 or 10 signs, for example 1911144442."), field="company_id")
    return "USD", {"routing": routing, "bank_name": text("bank_name", values.get("bank_name"), longest=23)}, {"company_id": company}


def _csv(values: Mapping[str, Any], secret: Mapping[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    currency = str(values.get("currency") or "").strip().upper()
    if currency:
        minor_units(currency)
    return currency, {}, {}


def _stripe(values: Mapping[str, Any], secret: Mapping[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    found = {name: str(values.get(name) or secret.get(name) or "").strip() for name in ("api_key", "webhook_secret")}
    for name, start in (("api_key", ("sk_", "rk_")), ("webhook_secret", ("whsec_",))):
        if not (found[name].startswith(start) and re.fullmatch(r"[A-Za-z0-9_]{12,250}", found[name])):
            raise Invalid(_("This begins with %(start)s. Copy it from the dashboard of the provider.") % {"start": start[0]}, field=name)
    url = str(values.get("url") or STRIPE).strip().rstrip("/")
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))):
        raise Invalid(_("Give an address that begins with https://."), field="url")
    return "", {"url": url}, found


_READ = {"sepa": _sepa, "ach": _ach, "csv": _csv, "stripe": _stripe}


@transaction.atomic
def switch_off(*, actor: Actor, account_id: UUID, at: datetime) -> None:
    """Pay from it no more. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_configure(actor))
    row = load(policies.reach_paying(actor), account_id)
    if row.is_active:
        row.is_active = False
        save(row, "is_active")
        record(actor, "payout.paying_off", row, after={}, note=row.name, at=at)


def active_account(kind: str, currency: str) -> PayingAccount | None:
    """The account for a currency, or the one for all."""
    return PayingAccount.objects.filter(kind=kind, is_active=True, currency__in=(currency, "")).order_by("-currency").first()


def payer_of(account: PayingAccount) -> Payer:
    secret, facts = json.loads(unseal(account.sealed)), account.facts
    return Payer(
        name=account.name, account=secret.get("iban", ""), bic=facts.get("bic", ""), routing=facts.get("routing", ""), bank_name=facts.get("bank_name", ""),
        company_id=secret.get("company_id", ""),
    )  # fmt: skip


def kind_of(code: str) -> ProviderKind:
    """Raises NotFound."""
    found = next((one for one in registry.filling(PROVIDERS) if one.code == code), None)
    if found is None:
        raise NotFound()
    return found


def provider(code: str, currency: str = "") -> Any:
    """The adapter of a provider, with its keys. Raises Conflict when it is not set up."""
    account = active_account(code, currency)
    if account is None:
        raise Conflict(_("The payment provider is not set up. Add it under Settings, Paying accounts."))
    return kind_of(code).connect(account.facts, json.loads(unseal(account.sealed)))
