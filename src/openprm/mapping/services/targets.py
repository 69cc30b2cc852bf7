"""Target accounts: companies that both sides want to work on together. A port for joint plans (queries.targets)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.events import TargetChosen
from openprm.mapping.models import Entry, Population, Target
from openprm.mapping.services import unit
from openprm.mapping.services.looking import note_look

MOST_TARGETS = 500


@transaction.atomic
def choose_match(*, actor: Actor, match_id: UUID, note: str = "", at: datetime) -> UUID:
    """Make a company that both have a target. The other side reads the own row's name, domain and place. Raises NotAllowed, NotFound, Conflict, Invalid."""
    refuse_if(policies.why_not_manage(actor))
    match = policies.reach_matches(actor, at).exclude(state="split").select_related("left", "right").one(match_id)
    own = match.left if actor.is_vendor else match.right
    return _choose(actor, match.partner_id, own, {"left": match.left, "right": match.right}, "overlap", note, at)


@transaction.atomic
def choose_company(*, actor: Actor, partner_id: UUID, entry_id: UUID, note: str = "", at: datetime) -> UUID:
    """Make a company a target that one side alone has: of an own list, or of one of theirs that is shown in full.

    Raises NotAllowed, NotFound, Conflict, Invalid.
    """
    refuse_if(policies.why_not_manage(actor))
    unit.sides(actor, partner_id)
    entry = _reached(actor, partner_id, entry_id, at)
    theirs = entry.owner_id == partner_id
    return _choose(actor, partner_id, entry, {"right": entry} if theirs else {"left": entry}, "whitespace", note, at)


def _reached(actor: Actor, partner_id: UUID, entry_id: UUID, at: datetime) -> Entry:
    """A row of an own list, or one of this partner's (for a partner: of the vendor's) that is shown in full. Raises NotFound."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound(_("There is no such company that you can see."))
    between = {policies.refuse_outsider(actor), partner_id if actor.is_vendor else unit.vendor_id()}
    if entry.owner_id not in between or not policies.reach_entries(actor, at, entry.population_id).filter(pk=entry_id).exists():
        raise NotFound(_("There is no such company that you can see."))
    return entry


def _choose(actor: Actor, partner_id: UUID, source: Entry, rows: dict[str, Entry], kind: str, note: str, at: datetime) -> UUID:
    if not policies.connected(partner_id):
        raise Conflict(_("Both sides must agree to compare lists first."), code="not_connected")
    home, said = policies.refuse_outsider(actor), unit.line("note", note, 300)
    with system_scope():
        list(policies.live_consents(partner_id).locked())  # one choice between two sides at a time
        _refuse_second(partner_id, rows)
        row = Target(
            partner_id=partner_id,
            left_owner_id=unit.vendor_id(),
            right_owner_id=partner_id,
            chooser_id=home,
            person=actor.name[:120],
            source_owner_id=source.owner_id,
            source_id=source.population_id,
            kind=kind,
            name=source.name or source.domain or source.key,
            domain=source.domain,
            country=source.country,
            city=source.city,
            note=said,
            chosen_at=at,
            **rows,
        )
        row.save(force_insert=True)
    if source.owner_id != home:
        note_look(actor=actor, population_id=source.population_id, what="target", rows=1, at=at)
    _record(actor, "mapping.target_chosen", row, at)
    publish(TargetChosen(target_id=row.pk, partner_id=partner_id, at=at))
    return row.pk


def _refuse_second(partner_id: UUID, rows: dict[str, Entry]) -> None:
    standing = Target.objects.filter(partner=partner_id, ended_at=None)
    if standing.filter(**rows).exists():
        raise Conflict(_("This company is a target already."), code="already_target")
    if standing.count() >= MOST_TARGETS:
        raise Conflict(_("%(most)d companies are targets. End some of them first.") % {"most": MOST_TARGETS}, code="too_many_targets")


@transaction.atomic
def end_target(*, actor: Actor, target_id: UUID, at: datetime) -> None:
    """End a target; either side may. Raises NotAllowed, NotFound, Conflict."""
    refuse_if(policies.why_not_manage(actor))
    policies.reach_targets(actor, at).one(target_id)
    with system_scope():
        row = Target.objects.locked().one(target_id)
        if row.ended_at:
            raise Conflict(_("This target was ended already."), code="already_ended")
        row.ended_at, row.ended_by = at, actor.name[:120]
        row.save(update_fields=["ended_at", "ended_by", "updated_at"])
    _record(actor, "mapping.target_ended", row, at)


def forget_source(population: Population, at: datetime) -> None:
    """When a list is put away, targets whose words come from it end, without these words. In the system's scope."""
    Target.objects.filter(source=population).update(name=_("A company of a list that was put away"), domain="", country="", city="", note="")
    Target.objects.filter(source=population, ended_at=None).update(ended_at=at)


def _record(actor: Actor, verb: str, row: Target, at: datetime) -> None:
    audit.record(actor, verb, row, after={}, refs=[row.partner_id], visible_to=[row.partner_id], data={"kind": row.kind}, at=at)
