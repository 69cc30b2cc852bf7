"""Writing down what the partner put in and took out, in hours or in money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, refused_by
from openprm.kernel.money import LARGEST_MINOR
from openprm.partners import queries as partners
from openprm.profitability import policies
from openprm.profitability.models import Entry, Group, Rate
from openprm.profitability.rules.facts import MOST_MINUTES, rate_in_force
from openprm.profitability.rules.kinds import EFFORT, ENTERED, Kind
from openprm.profitability.services import unit

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wants written: `minutes` of a group, or `amount_minor` in the book's currency."""

    kind: str
    month: date
    minutes: int | None = None
    group_id: UUID | None = None
    amount_minor: int | None = None
    deal_id: UUID | None = None
    program_id: UUID | None = None
    product_line_id: UUID | None = None
    note: str = ""
    external_id: str = ""


@transaction.atomic
def record(*, actor: Actor, draft: Draft, source: str = "hand", at: datetime) -> UUID:
    """Write one entry. Raises NotAllowed, Invalid, NotFound, Conflict."""
    return record_many(actor=actor, drafts=[draft], source=source, at=at)[0]


@transaction.atomic
def record_many(*, actor: Actor, drafts: Sequence[Draft], source: str, at: datetime, most: int = MOST_AT_ONCE) -> tuple[UUID, ...]:
    """Write all of them or none. Raises NotAllowed, Invalid, NotFound, Conflict (an id of yours that was used before)."""
    if not 0 < len(drafts) <= most:
        raise Invalid(_("Send between 1 and %(most)d entries at once.") % {"most": most}, field="items")
    unit.book_of(actor)
    known = known_to(actor, drafts)
    rows = [filled(Entry(partner_id=actor.partner_id, source=source, author_name=actor.name[:120]), draft, known, at) for draft in drafts]
    with refused_by("profit_entry_once_per_id", Conflict(_("You have an entry with this id. Change that one."), field="external_id", code="entry_exists")):
        Entry.objects.bulk_create(rows)
    unit.note(actor, "entry", str(len(rows)) if len(rows) > 1 else f"{rows[0].kind} {rows[0].month:%Y-%m}")
    return tuple(row.pk for row in rows)


@transaction.atomic
def change_entry(*, actor: Actor, entry_id: UUID, draft: Draft, version: int | None, at: datetime) -> int:
    """Write an entry anew; gives its version. Raises NotFound, NotAllowed, Invalid, Stale, Conflict."""
    unit.book_of(actor)
    row = policies.reach(actor, Entry).locked().one(entry_id)
    unit.refuse_stale(row, version)
    row = filled(row, draft, known_to(actor, [draft]), at)
    row.version += 1
    with refused_by("profit_entry_once_per_id", Conflict(_("You have an entry with this id. Change that one."), field="external_id", code="entry_exists")):
        row.save()
    unit.note(actor, "entry_changed", f"{row.kind} {row.month:%Y-%m}")
    return row.version


@transaction.atomic
def remove_entry(*, actor: Actor, entry_id: UUID, at: datetime) -> None:
    """Take an entry out for good. Raises NotFound, NotAllowed."""
    unit.book_of(actor)
    row = policies.reach(actor, Entry).locked().one(entry_id)
    unit.note(actor, "entry_removed", f"{row.kind} {row.month:%Y-%m}")
    row.delete()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What drafts may name: groups with their rates, deals with their program, programs, product lines."""

    groups: dict[UUID, tuple[str, list[tuple[date, int]]]]
    deals: dict[UUID, UUID]
    programs: frozenset[UUID]
    lines: frozenset[UUID]


def known_to(actor: Actor, drafts: Sequence[Draft]) -> Known:
    """Six queries, however many drafts there are."""
    rates: dict[UUID, list[tuple[date, int]]] = {}
    for group_id, since, minor in policies.reach(actor, Rate).values_list("group_id", "since", "hourly_minor"):
        rates.setdefault(group_id, []).append((since, minor))
    wanted = tuple({draft.deal_id for draft in drafts if draft.deal_id})
    rows = deals.listed(actor, deals.Filters(ids=wanted)).values_list("pk", "program_id") if wanted else ()
    return Known(
        groups={group.pk: (group.name, rates.get(group.pk, [])) for group in policies.reach(actor, Group)},
        deals=dict(rows),
        programs=frozenset(program.id for program in partners.programs(actor)),
        lines=frozenset(line.id for line in deals.product_lines(actor)),
    )


def filled(row: Entry, draft: Draft, known: Known, at: datetime) -> Entry:
    if draft.kind not in {kind.value for kind in ENTERED}:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(ENTERED)}, field="kind", code="unknown_kind")
    row.kind, row.month = draft.kind, unit.month_of("month", draft.month, at)
    row.minutes, row.group_id, row.amount_minor = _measure(draft, row.month, known)
    row.deal_id, row.program_id, row.product_line_id = _place(draft, known)
    row.note = unit.line("note", draft.note, 300)
    row.external_id = unit.line("external_id", draft.external_id, 120)
    return row


def _measure(draft: Draft, month: date, known: Known) -> tuple[int | None, UUID | None, int | None]:
    if (draft.minutes is None) == (draft.amount_minor is None):
        raise Invalid(_("Enter either hours with a group of people, or an amount."), field="hours", code="hours_or_amount")
    if draft.amount_minor is not None:
        if draft.group_id:
            raise Invalid(_("An amount belongs to no group of people. Leave the group empty, or enter hours."), field="group", code="hours_or_amount")
        return None, None, unit.within("amount", draft.amount_minor, LARGEST_MINOR)
    return _hours(draft, month, known)


def _hours(draft: Draft, month: date, known: Known) -> tuple[int, UUID, None]:
    if Kind(draft.kind) not in EFFORT:
        raise Invalid(_("This kind is an amount of money, not hours."), field="hours", code="not_in_hours")
    if not 0 < (draft.minutes or 0) <= MOST_MINUTES:
        raise Invalid(_("Hours lie above 0 and up to 10,000 in one entry."), field="hours", code="out_of_range")
    if draft.group_id is None:
        raise Invalid(_("Say which group of people worked, so that the hours have a cost."), field="group", code="required")
    if draft.group_id not in known.groups:
        raise NotFound(_("There is no such group of people."), code="group_not_found")
    name, rates = known.groups[draft.group_id]
    if rate_in_force(rates, month) is None:
        said = _("%(group)s have no cost rate in %(month)s yet. Add one that begins by then.") % {"group": name, "month": f"{month:%Y-%m}"}
        raise Invalid(said, field="group", code="no_rate")
    return draft.minutes or 0, draft.group_id, None


def _place(draft: Draft, known: Known) -> tuple[UUID | None, UUID | None, UUID | None]:
    """The deal, the program (the deal's own when none is named) and the product line. Raises NotFound, Invalid."""
    if draft.deal_id and draft.deal_id not in known.deals:
        raise NotFound(_("There is no such deal that you can see."), code="registration_not_found")
    if draft.program_id and draft.program_id not in known.programs:
        raise NotFound(_("There is no such program that you can see."), code="program_not_found")
    if draft.product_line_id and draft.product_line_id not in known.lines:
        raise NotFound(_("There is no such product line."), code="productline_not_found")
    own = known.deals.get(draft.deal_id) if draft.deal_id else None
    if own and draft.program_id and draft.program_id != own:
        raise Invalid(_("This deal belongs to another program. Leave the program empty."), field="program", code="other_program")
    return draft.deal_id, draft.program_id or own, draft.product_line_id
