"""Tax forms and invoices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.money import LARGEST_MINOR, minor_units
from openprm.payouts import policies
from openprm.payouts.events import TaxFormEnding, TaxFormMoved
from openprm.payouts.models import Invoice, TaxForm
from openprm.payouts.rules import numbers
from openprm.payouts.rules.states import Tax
from openprm.payouts.sealed import seal
from openprm.payouts.services.documents import keep
from openprm.payouts.services.unit import ForbiddenMove, as_system, bad_number, choice, country, load, past_day, record, save, text

REMIND_DAYS = (60, 30, 7)
AT_ONCE = 500


@transaction.atomic
def submit_form(*, actor: Actor, partner_id: UUID, values: Mapping[str, Any], file: tuple[str, bytes] | None = None, at: datetime) -> UUID:
    """Hand in a tax form; it takes the place of the one before. A VAT id counts once its check digits fit, the others once a person looked.

    Raises NotAllowed, Invalid.
    """
    refuse_if(policies.why_not_give(actor, partner_id))
    kind = choice("kind", values.get("kind"), TaxForm.Kind.values)
    name, signed_on = text("name", values.get("name"), longest=140), past_day("signed_on", values.get("signed_on") or at.date(), at)
    home, number = _number(kind, values)
    ends = numbers.form_ends(kind, signed_on)
    if ends and ends < at.date():
        raise Invalid(_("A form that was signed then has expired. Sign a new one."), field="signed_on")
    if kind != "vat" and file is None:
        raise Invalid(_("Add the signed form as a file."), field="file", code="required")
    with as_system(actor):
        for row in TaxForm.objects.filter(partner_id=partner_id, kind=kind, state__in=(Tax.SUBMITTED, Tax.ACCEPTED)).locked():
            row.state = Tax.REPLACED
            save(row, "state")
        form = TaxForm.objects.create(
            partner_id=partner_id, kind=kind, name=name, country=home, last4=number[-4:], sealed=seal(number), signed_on=signed_on, expires_on=ends,
            submitted_at=at,
        )  # fmt: skip
        if file:
            keep(actor, form, file, at)
        record(actor, "payout.tax_submitted", form, before={}, partner_id=partner_id, at=at)
        if kind == "vat":
            _accepted(SYSTEM, form, _("Its check digits fit."), at)
        else:
            _announce(actor, form, at)
    return form.pk


def _number(kind: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """(country, clean number) of a form. Raises Invalid."""
    try:
        if kind == "vat":
            return numbers.vat_id(str(values.get("number") or ""))
        if kind == "w9":
            return "US", numbers.us_tax_number(str(values.get("number") or ""))
        return country("country", values.get("country")), numbers.foreign_tax_number(str(values.get("number") or ""))
    except numbers.BadNumber as error:
        raise bad_number(error) from None


@transaction.atomic
def check_form(*, actor: Actor, form_id: UUID, accepted: bool, note: str = "", version: int | None = None, at: datetime) -> None:
    """Accept or reject a form; the partner reads the note. Raises NotFound, NotAllowed, Invalid, ForbiddenMove, Stale."""
    refuse_if(policies.why_not_check(actor))
    form = load(policies.reach_forms(actor), form_id, version)
    if form.state not in ((Tax.SUBMITTED,) if accepted else (Tax.SUBMITTED, Tax.ACCEPTED)):
        raise ForbiddenMove(_("There is nothing to decide on this form now."))
    words = text("note", note, longest=2000, required=not accepted, lines=True)
    if accepted:
        _accepted(actor, form, words, at)
        return
    form.state, form.note, form.checked_at, form.checked_by_id = Tax.REJECTED, words, at, actor.user_id
    save(form, "state", "note", "checked_at", "checked_by")
    record(actor, "payout.tax_rejected", form, after={}, partner_id=form.partner_id, note=words, at=at)
    _announce(actor, form, at)


def _accepted(actor: Actor, form: TaxForm, note: str, at: datetime) -> None:
    form.state, form.note, form.checked_at, form.checked_by_id = Tax.ACCEPTED, note, at, actor.user_id
    save(form, "state", "note", "checked_at", "checked_by")
    record(actor, "payout.tax_accepted", form, after={}, partner_id=form.partner_id, note=note, at=at)
    _announce(actor, form, at)


def _announce(actor: Actor, form: TaxForm, at: datetime) -> None:
    publish(TaxFormMoved(form_id=form.pk, partner_id=form.partner_id, state=str(form.state), actor_id=actor.user_id, at=at))


@transaction.atomic
def expire_forms(*, at: datetime) -> int:
    """Let run out what ended before today, and tell of what ends in 60, 30 and 7 days. Gives how many ended. Safe to repeat."""
    ended = list(TaxForm.objects.filter(state=Tax.ACCEPTED, expires_on__lt=at.date()).locked()[:AT_ONCE])
    for form in ended:
        form.state = Tax.EXPIRED
        save(form, "state")
        record(SYSTEM, "payout.tax_expired", form, after={}, partner_id=form.partner_id, at=at)
        _announce(SYSTEM, form, at)
    for form in TaxForm.objects.filter(state=Tax.ACCEPTED, expires_on__isnull=False, expires_on__lte=at.date().replace(year=at.year + 1)).locked():
        left = (form.expires_on - at.date()).days
        near = min((days for days in REMIND_DAYS if left <= days), default=None)
        if near and near not in form.reminded:
            form.reminded = [*form.reminded, near]
            save(form, "reminded")
            publish(TaxFormEnding(form_id=form.pk, partner_id=form.partner_id, days=left, at=at))
    return len(ended)


@transaction.atomic
def send_invoice(*, actor: Actor, partner_id: UUID, values: Mapping[str, Any], file: tuple[str, bytes] | None = None, at: datetime) -> UUID:
    """Send the invoice for a payment, over exactly what is due. Raises NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_give(actor, partner_id))
    number, issued_on = text("number", values.get("number"), longest=60), past_day("issued_on", values.get("issued_on") or at.date(), at)
    currency, amount = str(values.get("currency") or "").upper(), values.get("amount_minor")
    minor_units(currency)
    if not isinstance(amount, int) or not 0 < amount <= LARGEST_MINOR:
        raise Invalid(_("An invoice is over more than nothing."), field="amount")
    if file is None:
        raise Invalid(_("Add the invoice as a file."), field="file", code="required")
    with as_system(actor):
        known = Conflict(_("You have sent invoice %(number)s already.") % {"number": number}, field="number")
        with refused_by("one_payee_invoice_per_number", known):
            invoice = Invoice.objects.create(partner_id=partner_id, number=number, issued_on=issued_on, amount_minor=amount, currency=currency, sent_at=at)
        keep(actor, invoice, file, at)
        record(actor, "payout.invoice_sent", invoice, before={}, partner_id=partner_id, at=at)
    return invoice.pk
