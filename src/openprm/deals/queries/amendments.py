"""The changes of an approved deal as both sides read them: before and after, who asked, who decided, by which clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.models import Amendment
from openprm.deals.rules import amendments as rules
from openprm.deals.rules.amendments import Kind, State
from openprm.deals.wording import AMENDMENT_STATE, field_label
from openprm.kernel.actor import Actor, Side
from openprm.kernel.money import Money, format_money


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that differs, in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentView:
    id: UUID
    registration_id: UUID
    registration_number: str
    customer: str
    partner_id: UUID
    partner: str
    number: int
    kind: str
    state: str
    state_label: str
    state_tone: str
    changes: tuple[Change, ...]
    what: str
    reason: str
    proposed_by: str
    proposed_by_vendor: bool
    proposed_at: datetime
    due_at: datetime | None
    overdue: bool
    automatic: bool
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    clause: str
    clause_text: str
    rule_version_id: UUID | None
    amount: Money
    new_registration_id: UUID | None
    new_registration_number: str
    version: int
    why_not_decide: str | None
    why_not_withdraw: str | None


def amendments_of(actor: Actor, registration_id: UUID, at: datetime) -> tuple[AmendmentView, ...]:
    """Every change that was asked for, the newest first."""
    rows = _rows(actor).filter(registration_id=registration_id).order_by("-number")
    return tuple(_view(actor, row, at) for row in rows)


def amendment(actor: Actor, amendment_id: UUID, at: datetime) -> AmendmentView:
    """Raises NotFound."""
    return _view(actor, _rows(actor).one(amendment_id), at)


def waiting_amendments(actor: Actor, at: datetime, limit: int = 50) -> tuple[AmendmentView, ...]:
    """What waits for the vendor's decision, the most urgent first; nothing for somebody who does not decide."""
    if not actor.can("deals.review"):
        return ()
    return tuple(_view(actor, row, at) for row in _rows(actor).filter(state=State.PROPOSED).order_by("due_at", "id")[:limit])


def _rows(actor: Actor):
    return policies.reach_amendments(actor).select_related("registration", "partner", "new_registration")


def _view(actor: Actor, row: Amendment, at: datetime) -> AmendmentView:
    label, tone = AMENDMENT_STATE[State(row.state)]
    deal = row.registration
    found = changes_of(row, deal.currency, actor.locale)
    by_vendor = row.proposer_side != Side.PARTNER
    return AmendmentView(
        id=row.pk,
        registration_id=deal.pk,
        registration_number=deal.number,
        customer=deal.customer_name,
        partner_id=row.partner_id,
        partner=row.partner.name,
        number=row.number,
        kind=row.kind,
        state=row.state,
        state_label=str(label),
        state_tone=tone,
        changes=found,
        what=in_short(row),
        reason=row.reason,
        proposed_by=row.proposer_name,
        proposed_by_vendor=by_vendor,
        proposed_at=row.proposed_at,
        due_at=row.due_at if row.state == State.PROPOSED else None,
        overdue=row.state == State.PROPOSED and row.due_at is not None and row.due_at < at,
        automatic=row.automatic,
        decided_by=row.decider_name,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        clause=row.clause,
        clause_text=row.clause_text,
        rule_version_id=row.rule_version_id,
        amount=Money(rules.amount(row.after), deal.currency),
        new_registration_id=row.new_registration_id,
        new_registration_number=row.new_registration.number if row.new_registration else "",
        version=row.version,
        why_not_decide=policies.why_not_decide_amendment(actor, row),
        why_not_withdraw=policies.why_not_withdraw_amendment(actor, row),
    )


def in_short(row: Amendment) -> str:
    """What is asked for, in a few words."""
    if row.kind == Kind.SPLIT:
        lines = dict.fromkeys(line["product_line"] for line in row.after["split_lines"])
        return _("Split off: %(lines)s") % {"lines": ", ".join(lines)}
    return ", ".join(str(field_label(name)) for name in row.changed)


def changes_of(row: Amendment, currency: str, locale: str) -> tuple[Change, ...]:
    found = [
        Change(field=name, label=str(field_label(name)), before=_words(row.before.get(name)), after=_words(row.after.get(name)))
        for name in row.changed
        if name != "lines"
    ]
    if "lines" in row.changed:
        found = [*_line_changes(row, currency, locale), *found]
    return tuple(found)


def _words(value: Any) -> str:
    if not value:
        return "–"
    try:
        return date_format(date.fromisoformat(value), "j M Y")
    except ValueError:
        return str(value)


def _line_changes(row: Amendment, currency: str, locale: str) -> list[Change]:
    """Each product that differs, and the sum."""
    before = {line["product_id"]: line for line in row.before["lines"]}
    after = {line["product_id"]: line for line in row.after["lines"]}
    going = {line["product_id"] for line in row.after.get("split_lines", ())}
    found = [
        Change(
            field="lines",
            label=(before.get(key) or after[key])["product"],
            before=_line(before.get(key), currency, locale),
            after=_("on the second deal") if key in going else _line(after.get(key), currency, locale),
        )
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    ]
    sums = [format_money(Money(rules.amount(values), currency), locale) for values in (row.before, row.after)]
    return [*found, Change(field="amount", label=_("Amount"), before=sums[0], after=sums[1])] if sums[0] != sums[1] else found


def _line(line: Mapping[str, Any] | None, currency: str, locale: str) -> str:
    if line is None:
        return "–"
    amount = format_money(Money(line["amount_minor"], currency), locale)
    text = amount if line["quantity"] == 1 else _("%(amount)s for %(count)d") % {"amount": amount, "count": line["quantity"]}
    return f"{text}, {_('%(months)d months') % {'months': line['term_months']}}" if line["term_months"] else text
