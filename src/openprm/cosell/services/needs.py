"""A specific ask: what one member needs of another, answered under a promise (L8)."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.cosell import policies
from openprm.cosell.events import NeedMoved
from openprm.cosell.models import Engagement, Member, Need
from openprm.cosell.rules.words import Involvement, NeedState, PrimaryNeed
from openprm.cosell.services.unit import acting_party, as_system, clean, known_member, load, one_of, record
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, refuse_if
from openprm.kernel.events import publish
from openprm.promises import queries as promised
from openprm.promises import services as promises


def ask(*, actor: Actor, engagement_id: UUID, asked_id: UUID, need: str, detail: str = "", at: datetime) -> UUID:
    """Ask another member for something specific. Raises NotFound, NotAllowed, Invalid."""
    engagement = load(actor, engagement_id)
    refuse_if(policies.why_not_write(actor, engagement))
    party = acting_party(actor)
    if asked_id == party:
        raise Invalid(_("Ask another company. For your own side, add a task."), field="asked_id")
    member = known_member(actor, engagement, asked_id, "asked_id")
    need = one_of(need, PrimaryNeed, "need")
    detail = clean(detail, "detail", 1000, required=need == PrimaryNeed.OTHER)
    _refuse_looking_on(member)
    with as_system(actor):
        row = Need(
            engagement=engagement,
            party_id=party,
            asked_id=asked_id,
            author_id=actor.user_id,
            author_name=actor.name[:120],
            need=need,
            detail=detail,
            asked_at=at,
        )
        row.save(force_insert=True)
        _promise(engagement, row, at)
        _told(actor, "cosell.asked", engagement, row, at, note=detail)
    return row.pk


def _refuse_looking_on(member: Member) -> None:
    if member.involvement == Involvement.VISIBILITY:
        raise Invalid(_("This company only looks on. Nothing can be asked of it until it co-sells."), field="asked_id")


def _promise(engagement: Engagement, row: Need, at: datetime) -> None:
    vendor = identity.vendor_organization().id
    code = code_of(row, vendor)
    row.due_at = promised.would_be_due(code=code, at=at)
    if row.due_at and (engagement.vendor_in or vendor in (row.party_id, row.asked_id)):
        partner_id = row.party_id if row.asked_id == vendor else row.asked_id
        row.due_at = promises.start(actor=SYSTEM, code=code, subject=row, partner_id=partner_id, refs=(engagement.pk, partner_id), at=at).due_at
    row.save(update_fields=["due_at"])


def code_of(row: Need, vendor: UUID) -> str:
    return "cosell.vendor_need" if row.asked_id == vendor else "cosell.need"


def settle_clock(row: Need, *, kept: bool, at: datetime) -> None:
    """Answer the promise, or let go of it."""
    step = promises.keep if kept else promises.cancel
    step(subject_id=row.pk, code=code_of(row, identity.vendor_organization().id), at=at)


def answer_need(*, actor: Actor, need_id: UUID, answer: str, decline: bool = False, at: datetime) -> None:
    """Answer what was asked, or decline with the reason; the asked side alone. Raises NotFound, NotAllowed, Invalid, Conflict."""
    row, engagement = _open(actor, need_id)
    if acting_party(actor) != row.asked_id:
        raise NotAllowed(_("Only the company that was asked can answer."))
    answer = clean(answer, "answer", 2000)
    with as_system(actor):
        row = _still_open(row)
        row.state = NeedState.DECLINED if decline else NeedState.ANSWERED
        row.answer, row.answered_at, row.answered_by_id, row.answered_by_name = answer, at, actor.user_id, actor.name[:120]
        row.save(update_fields=["state", "answer", "answered_at", "answered_by", "answered_by_name", "updated_at"])
        settle_clock(row, kept=True, at=at)
        _told(actor, "cosell.need_declined" if decline else "cosell.need_answered", engagement, row, at, note=answer)


def withdraw_need(*, actor: Actor, need_id: UUID, at: datetime) -> None:
    """Take an ask back; the asking side alone. Raises NotFound, NotAllowed, Conflict."""
    row, engagement = _open(actor, need_id)
    if acting_party(actor) != row.party_id:
        raise NotAllowed(_("Only the company that asked can take it back."))
    with as_system(actor):
        row = _still_open(row)
        row.state = NeedState.WITHDRAWN
        row.save(update_fields=["state", "updated_at"])
        settle_clock(row, kept=False, at=at)
        _told(actor, "cosell.need_withdrawn", engagement, row, at)


def _open(actor: Actor, need_id: UUID) -> tuple[Need, Engagement]:
    row: Need = policies.reach_needs(actor).one(need_id)
    engagement = policies.reach(actor).filter(pk=row.engagement_id).first()
    if engagement is None:
        raise NotFound()
    refuse_if(policies.why_not_write(actor, engagement))
    return row, engagement


def _still_open(row: Need) -> Need:
    row = Need.objects.locked().one(row.pk)
    if row.state != NeedState.OPEN:
        raise Conflict(_("This ask was settled already."))
    return row


def _told(actor: Actor, verb: str, engagement: Engagement, row: Need, at: datetime, note: str = "") -> None:
    """Both sides know; others who may read the ask know too."""
    only = frozenset({row.party_id, row.asked_id, engagement.host_id})
    record(actor, verb, engagement, party=acting_party(actor), subject=row, after={}, note=note, data={"need": row.need}, only=only, at=at)
    publish(
        NeedMoved(
            engagement_id=engagement.pk,
            need_id=row.pk,
            party_id=row.party_id,
            asked_id=row.asked_id,
            state=str(row.state),
            actor_id=actor.user_id,
            at=at,
        )
    )
