"""Payees, their accounts and papers, through their policies. Full numbers are never given."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.payouts import policies
from openprm.payouts.models import BankAccount, Document, Payee, TaxForm
from openprm.payouts.models.desk import PAYING_KINDS
from openprm.payouts.queries.results import AccountView, DocumentView, FormView, InvoiceView, PayeeRow, PayeeView, PayingRow
from openprm.payouts.queries.standing import papers_for
from openprm.payouts.wording import BANK_STATE, HOW, KIND, TAX_KIND, TAX_STATE

WAITING_ACCOUNTS, WAITING_FORMS = ("entered", "verifying"), ("submitted",)


def payee(actor: Actor, partner_id: UUID, at: datetime) -> PayeeView:
    """Raises NotFound, also for a partner that this actor does not know."""
    if not actor.can("payouts.view") or not (actor.sees_all_partners or partner_id in actor.partner_ids):
        raise NotFound()
    home = identity.organization(actor, partner_id)
    row = policies.reach_payees(actor).filter(partner_id=partner_id).first()
    country = row.country if row else home.country
    papers = papers_for(country, row.kind if row else "company", at)
    shown = row or Payee(partner_id=partner_id, legal_name=home.legal_name or home.name, country=country or "", version=0)
    return PayeeView(
        partner_id=partner_id, partner=home.name, exists=row is not None, kind=shown.kind, kind_label=KIND[shown.kind], legal_name=shown.legal_name,
        street=shown.street, postal_code=shown.postal_code, city=shown.city, country=shown.country, method=shown.method,
        provider_account=shown.provider_account, provider_ready=shown.provider_ready, provider_note=shown.provider_note, accounts=_accounts(actor,
        partner_id, at), forms=_forms(actor, partner_id),
        invoices=_invoices(actor, partner_id), needs_form=papers.tax_form, needs_form_label=TAX_KIND[papers.tax_form], needs_invoice=papers.invoice,
        cooling_days=papers.cooling_days, clause=papers.clause, clause_text=papers.clause_text, why_not_give=policies.why_not_give(actor, partner_id),
        why_not_check=policies.why_not_check(actor), version=shown.version,
    )  # fmt: skip


def _accounts(actor: Actor, partner_id: UUID, at: datetime) -> tuple[AccountView, ...]:
    rows = list(policies.reach_accounts(actor).filter(partner_id=partner_id).order_by("-entered_at", "-pk")[:20])
    files, same = _documents(actor, [row.pk for row in rows]), _same_numbers(actor, rows)
    return tuple(_account(row, files.get(row.pk, ()), same.get(row.fingerprint, ()), at) for row in rows)


def account(actor: Actor, account_id: UUID, at: datetime) -> AccountView:
    """Raises NotFound."""
    row = policies.reach_accounts(actor).one(account_id)
    return _account(row, _documents(actor, [row.pk]).get(row.pk, ()), (), at)


def _account(row: BankAccount, files: tuple[DocumentView, ...], same: tuple[str, ...], at: datetime) -> AccountView:
    label, tone = BANK_STATE[row.state]
    cooling = row.state == "verified" and row.usable_from is not None and row.usable_from > at
    return AccountView(
        id=row.pk, partner_id=row.partner_id, kind=row.kind, kind_label=row.get_kind_display(), currency=row.currency, holder=row.holder, country=row.country,
        last4=row.last4, bic=row.bic, routing=row.routing, state=row.state, state_label=_("Waits after its change") if cooling else label,
        state_tone="warn" if cooling else tone, entered_at=row.entered_at, code_until=row.code_until, verified_at=row.verified_at,
        verified_how=HOW.get(row.verified_how, ""), usable_from=row.usable_from, is_cooling=cooling, note=row.note, same_number=same, documents=files,
        version=row.version,
    )  # fmt: skip


def _same_numbers(actor: Actor, rows: Iterable[BankAccount]) -> dict[str, tuple[str, ...]]:
    """Other partners that use the same number: a sign of fraud, for the vendor's eyes."""
    if not actor.sees_all_partners:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    wanted = {row.fingerprint: row.partner_id for row in rows}
    others = BankAccount.objects.filter(fingerprint__in=wanted).select_related("partner").order_by("partner__name")
    for one in others:
        if one.partner_id != wanted[one.fingerprint] and one.partner.name not in found.get(one.fingerprint, ()):
            found[one.fingerprint] = (*found.get(one.fingerprint, ()), one.partner.name)
    return found


def _forms(actor: Actor, partner_id: UUID) -> tuple[FormView, ...]:
    rows = list(policies.reach_forms(actor).filter(partner_id=partner_id).order_by("-submitted_at", "-pk")[:20])
    files = _documents(actor, [row.pk for row in rows])
    return tuple(_form(row, files.get(row.pk, ())) for row in rows)


def form(actor: Actor, form_id: UUID) -> FormView:
    """Raises NotFound."""
    row = policies.reach_forms(actor).one(form_id)
    return _form(row, _documents(actor, [row.pk]).get(row.pk, ()))


def _form(row: TaxForm, files: tuple[DocumentView, ...]) -> FormView:
    label, tone = TAX_STATE[row.state]
    return FormView(
        id=row.pk, partner_id=row.partner_id, kind=row.kind, kind_label=TAX_KIND[row.kind], name=row.name, country=row.country, last4=row.last4,
        signed_on=row.signed_on, expires_on=row.expires_on, state=row.state, state_label=label, state_tone=tone, note=row.note, documents=files,
        version=row.version,
    )  # fmt: skip


def _invoices(actor: Actor, partner_id: UUID) -> tuple[InvoiceView, ...]:
    rows = policies.reach_invoices(actor).filter(partner_id=partner_id).order_by("-sent_at")[:20]
    return tuple(
        InvoiceView(id=row.pk, number=row.number, issued_on=row.issued_on, money=Money(row.amount_minor, row.currency), is_used=row.payout_id is not None)
        for row in rows
    )


def _documents(actor: Actor, subjects: list[UUID]) -> dict[UUID, tuple[DocumentView, ...]]:
    found: dict[UUID, tuple[DocumentView, ...]] = {}
    for row in policies.reach_documents(actor).filter(subject_id__in=subjects).order_by("added_at"):
        found[row.subject_id] = (*found.get(row.subject_id, ()), DocumentView(id=row.pk, name=row.name, added_at=row.added_at, author=row.author_name))
    return found


def open_document(actor: Actor, document_id: UUID) -> tuple[Document, Any]:
    """A stored file and its content. Raises NotFound."""
    row = policies.reach_documents(actor).one(document_id)
    try:
        return row, default_storage.open(row.storage_key, "rb")
    except FileNotFoundError:
        raise NotFound(_("The file is missing from storage. Ask for it again.")) from None


def payees(actor: Actor) -> tuple[PayeeRow, ...]:
    """Everybody who gave an account, a paper or a profile: those with something to verify first, then by name. Four queries."""
    accounts: dict[UUID, list[BankAccount]] = {}
    for row in policies.reach_accounts(actor).exclude(state="replaced").order_by("entered_at"):
        accounts.setdefault(row.partner_id, []).append(row)
    forms = list(policies.reach_forms(actor).filter(state__in=WAITING_FORMS))
    profiles = {row.partner_id: row for row in policies.reach_payees(actor)}
    ids = {*accounts, *profiles, *(row.partner_id for row in forms)}
    names = identity.organization_names(ids)
    rows = [_payee_row(key, names.get(key, ""), profiles.get(key), accounts.get(key, []), [one for one in forms if one.partner_id == key]) for key in ids]
    return tuple(sorted(rows, key=lambda row: (-row.waiting, row.partner)))


def _payee_row(partner_id: UUID, name: str, profile: Payee | None, accounts: list[BankAccount], forms: list[TaxForm]) -> PayeeRow:
    waiting = sum(row.state in WAITING_ACCOUNTS for row in accounts) + len(forms)
    last = max([*(row.entered_at for row in accounts), *(row.submitted_at for row in forms), *([profile.created_at] if profile else [])])
    ready = any(row.state == "verified" for row in accounts) or bool(profile and profile.provider_ready)
    state = "to_verify" if waiting else "verified" if ready else "incomplete"
    return PayeeRow(
        partner_id=partner_id, partner=name, country=profile.country if profile else "", waiting=waiting, state=state, since=last,
        accounts=", ".join(f"{row.currency} •••• {row.last4}" for row in accounts if row.state != "failed"),
    )  # fmt: skip


def waiting_count(actor: Actor) -> int | None:
    """Runs that wait for this person's approval, accounts and forms that wait for a check."""
    if not actor.sees_all_partners or not actor.can("payouts.check"):
        return None
    runs = policies.reach_runs(actor).filter(state="prepared").exclude(prepared_by_id=actor.user_id).count()
    return runs + policies.reach_accounts(actor).filter(state="entered").count() + policies.reach_forms(actor).filter(state__in=WAITING_FORMS).count()


def to_check(actor: Actor) -> tuple[list[BankAccount], list[TaxForm]]:
    """Accounts and forms that wait for a check, oldest first."""
    accounts = policies.reach_accounts(actor).filter(Q(state="entered")).select_related("partner").order_by("entered_at")[:60]
    forms = policies.reach_forms(actor).filter(state__in=WAITING_FORMS).select_related("partner").order_by("submitted_at")[:60]
    return list(accounts), list(forms)


def paying_accounts(actor: Actor) -> tuple[PayingRow, ...]:
    return tuple(
        PayingRow(
            id=row.pk, kind=row.kind, kind_label=PAYING_KINDS[row.kind], name=row.name, currency=row.currency, facts=row.facts, last4=row.last4,
            is_active=row.is_active, version=row.version,
        )
        for row in policies.reach_paying(actor).order_by("-is_active", "kind", "currency")
    )  # fmt: skip


def exported_accounts(actor: Actor) -> Iterator[dict[str, Any]]:
    for row in policies.reach_accounts(actor).order_by("entered_at"):
        yield {"kind": row.kind, "currency": row.currency, "holder": row.holder, "last4": row.last4, "state": row.state, "entered_at": row.entered_at}
