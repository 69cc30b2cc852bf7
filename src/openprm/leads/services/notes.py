"""Writing on a lead: for both sides, or for one's own."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.leads import policies
from openprm.leads.events import LeadNoted
from openprm.leads.models import Lead, LeadNote
from openprm.leads.queries.notes import holder_of
from openprm.leads.rules.notes import Audience, NoteSide
from openprm.leads.services.unit import announce, as_system, hold, load, record

LONGEST = 4000


def add_note(*, actor: Actor, lead_id: UUID, body: str, audience: str = Audience.SHARED, by_mail: bool = False, at: datetime) -> UUID:
    """Write on a lead. The log says that and by whom, never the words: who is erased is erased with them. Raises NotFound, NotAllowed, Invalid."""
    lead = load(actor, lead_id)
    _refuse_audience(audience)
    body = _clean(body)
    with as_system(actor):
        lead = hold(lead)
        partner_id = _partner_of(actor, lead, audience)
        note = LeadNote.objects.create(
            lead=lead,
            partner_id=partner_id,
            audience=audience,
            author_id=actor.user_id,
            author_name=actor.name[:120],
            author_side=NoteSide.PARTNER if actor.is_partner else NoteSide.VENDOR,
            body=body,
        )
        _write_down(actor, lead, note, by_mail, at)
        announce(LeadNoted, lead, actor, at, note_id=note.pk, partner_id=partner_id, audience=str(audience), side=str(note.author_side))
    return note.pk


def _partner_of(actor: Actor, lead: Lead, audience: str) -> UUID | None:
    """With whom this is talked, looked up under the lock: the lead may have gone to another since the page was drawn."""
    holder = holder_of(lead.pk)
    why_not = policies.why_not_share if audience == Audience.SHARED else policies.why_not_write
    refuse_if(why_not(actor, lead, holder=holder))
    return holder if audience == Audience.SHARED or actor.is_partner else None


def _write_down(actor: Actor, lead: Lead, note: LeadNote, by_mail: bool, at: datetime) -> None:
    is_private = note.audience == Audience.PRIVATE
    verb = "lead.noted_inside" if is_private else "lead.noted_by_mail" if by_mail else "lead.noted"
    record(actor, verb, lead, after={}, partners=[note.partner_id] if note.partner_id else [], at=at)


def _refuse_audience(audience: str) -> None:
    if audience not in list(Audience):
        raise Invalid(_("Choose who reads the note: both sides (shared) or your own (private)."), field="audience")


def _clean(body: str) -> str:
    body = "".join(sign for sign in body if sign.isprintable() or sign in "\n\t").strip()
    if not body:
        raise Invalid(_("Write something first."), field="body", code="required")
    if len(body) > LONGEST:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": LONGEST}, field="body")
    return body


def forget_note_authors(*, partner_id: UUID, people: tuple[UUID, ...], at: datetime) -> int:
    """Take the names of a partner's former people off what they wrote on leads; what they wrote stays."""
    mine = LeadNote.objects.filter(partner=partner_id, author_side=NoteSide.PARTNER, author__in=people).exclude(author_name="")
    return mine.update(author_name="", updated_at=at)
