"""A partner disagrees with the credit of one deal; the vendor answers in the promised time, with a reason, and mends what was wrong."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.attribution import policies
from openprm.attribution.events import DisputeAnswered, DisputeOpened
from openprm.attribution.models import Dispute, Result
from openprm.attribution.models.said import ONE_OPEN_DISPUTE
from openprm.attribution.promisekinds import DISPUTE
from openprm.attribution.queries.standing import standing_results
from openprm.attribution.rules.words import DisputeState, Kind, Source
from openprm.attribution.services.unit import add_touch, as_system, before_close, choice, ids, past, words
from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.promises import services as promises


class AlreadyDisputed(Conflict):
    """An open dispute of this partner stands about this deal."""


def open_dispute(*, actor: Actor, deal_id: UUID, reason: str, at: datetime) -> UUID:
    """Say what is wrong with the credit of a deal that the partner has a part in, or registered itself.

    Raises NotFound, NotAllowed, Invalid, AlreadyDisputed.
    """
    refuse_if(policies.why_not_dispute(actor))
    said = words("reason", reason, most=2000)
    kind, name, result = _about(actor, deal_id)
    row = Dispute(
        partner_id=actor.partner_id, result=result, deal_id=deal_id, deal_kind=kind, deal=name[:240], reason=said, opened_at=at,
        opened_by_id=actor.user_id, opened_by_name=actor.name[:120],
    )  # fmt: skip
    with as_system(), refused_by(ONE_OPEN_DISPUTE, AlreadyDisputed(_("You dispute this deal already. Wait for the answer, or take the dispute back."))):
        row.save(force_insert=True)
        audit.record(actor, "attribution.disputed", row, refs=ids((row.partner_id, deal_id)), visible_to=(row.partner_id,), note=said, at=at)
        promises.start(actor=actor, code=DISPUTE, subject=row, partner_id=row.partner_id, refs=ids((row.partner_id, deal_id)), at=at)
        publish(DisputeOpened(dispute_id=row.pk, partner_id=row.partner_id, actor_id=actor.user_id, at=at))
    return row.pk


def _about(actor: Actor, deal_id: UUID) -> tuple[str, str, Result | None]:
    """What stands about the deal now, for a partner that has a part in it or registered it. Raises NotFound."""
    own = deals.deals_worth(actor, ids=[deal_id])
    has_part = policies.reach_credits(actor).filter(deal_id=deal_id).exists() or policies.reach_late(actor).filter(deal_id=deal_id).exists()
    with as_system():
        result = standing_results().filter(deal_id=deal_id).first()
    if not own and not has_part:
        raise NotFound(_("There is no such deal that you can see."))
    if result:
        return result.kind, " ".join(filter(None, (result.number, result.customer))), result
    return "registration" if own else "opportunity", f"{own[0].number} {own[0].customer}" if own else str(deal_id), None


def settle_dispute(
    *, actor: Actor, dispute_id: UUID, uphold: bool, answer: str, kind: str = "", occurred_on: date | datetime | None = None, version: int | None = None,
    at: datetime,
) -> None:  # fmt: skip
    """Answer with reasons. An upheld dispute may record the touch that was missing; it counts from the next run of an open month on.

    Raises NotFound, NotAllowed, Invalid, Stale.
    """
    row = _load(actor, dispute_id, version)
    refuse_if(policies.why_not_settle(actor, row))
    said = words("answer", answer, most=2000)
    with as_system():
        before = row.snapshot()
        if uphold and kind and occurred_on:
            then = before_close("occurred_on", past("occurred_on", occurred_on, at), row.deal_id)
            _mend(row, choice("kind", kind, Kind), then, said, at)
        row.state = DisputeState.UPHELD if uphold else DisputeState.DISMISSED
        row.answer, row.answered_at, row.answered_by_id, row.version = said, at, actor.user_id, row.version + 1
        row.save()
        refs = ids((row.partner_id, row.deal_id))
        audit.record(actor, f"attribution.dispute_{row.state}", row, before=before, refs=refs, visible_to=(row.partner_id,), note=said, at=at)
        promises.keep(row.pk, DISPUTE, at)
        publish(DisputeAnswered(dispute_id=row.pk, partner_id=row.partner_id, state=str(row.state), actor_id=actor.user_id, at=at))


def _mend(row: Dispute, kind: str, then: datetime, said: str, at: datetime) -> None:
    add_touch(
        partner_id=row.partner_id, about=row.deal_id, kind=kind, source=Source.PERSON, source_key=str(row.pk), evidence=row.pk, summary=said[:300],
        occurred_at=then, recorded_at=at, verified_at=at,
    )  # fmt: skip


def withdraw_dispute(*, actor: Actor, dispute_id: UUID, version: int | None = None, at: datetime) -> None:
    """Take a dispute back. Raises NotFound, NotAllowed, Stale."""
    row = _load(actor, dispute_id, version)
    refuse_if(policies.why_not_drop(actor, row))
    with as_system():
        before = row.snapshot()
        row.state, row.version = DisputeState.WITHDRAWN, row.version + 1
        row.save()
        audit.record(actor, "attribution.dispute_withdrawn", row, before=before, refs=(row.partner_id,), visible_to=(row.partner_id,), at=at)
        promises.cancel(row.pk, DISPUTE, at)


def _load(actor: Actor, dispute_id: UUID, version: int | None) -> Dispute:
    policies.reach_disputes(actor).one(dispute_id)
    with as_system():
        row = Dispute.objects.locked().one(dispute_id)
    if version is not None and version != row.version:
        raise Stale()
    return row
