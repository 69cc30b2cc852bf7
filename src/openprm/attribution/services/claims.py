"""Claims of credit: one side says that a partner helped, the other confirms it, and only then it is a touch (X35)."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.attribution import policies
from openprm.attribution.events import ClaimAnswered, ClaimMade
from openprm.attribution.models import Claim
from openprm.attribution.promisekinds import CLAIM, COUNTERCLAIM
from openprm.attribution.rules.words import CLAIMABLE, ClaimState, Side, Source
from openprm.attribution.services.unit import add_touch, as_system, before_close, choice, ids, past, words
from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound, Stale, TooMany, refuse_if
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.promises import services as promises

OPEN_AT_MOST = 200


def make_claim(
    *, actor: Actor, kind: str, occurred_on: date | datetime, statement: str, account_id: UUID | None = None, deal_id: UUID | None = None,
    partner_id: UUID | None = None, at: datetime,
) -> UUID:  # fmt: skip
    """Say that a partner helped at a customer or with a deal. A partner speaks of itself, the vendor of a partner it names.

    Raises NotFound (the customer, the deal, the partner), NotAllowed, Invalid, TooMany.
    """
    refuse_if(policies.why_not_claim(actor))
    partner_id = _partner(actor, partner_id)
    account_id, customer = _where(actor, account_id, deal_id)
    row = Claim(
        partner_id=partner_id, account_id=account_id, customer=customer, deal_id=deal_id, side=policies.side_of(actor),
        kind=choice("kind", kind, CLAIMABLE), occurred_at=past("occurred_on", occurred_on, at), statement=words("statement", statement, most=2000),
        made_at=at, made_by_id=actor.user_id, made_by_name=actor.name[:120],
    )  # fmt: skip
    with as_system():
        before_close("occurred_on", row.occurred_at, deal_id)
        if Claim.objects.filter(partner_id=partner_id, state=ClaimState.OPEN).count() >= OPEN_AT_MOST:
            raise TooMany(_("%(count)d claims of this partner wait for an answer. Wait for some of them.") % {"count": OPEN_AT_MOST})
        row.save(force_insert=True)
        audit.record(actor, "attribution.claimed", row, refs=ids((partner_id, account_id, deal_id)), visible_to=(partner_id,), at=at)
        code = CLAIM if row.side == Side.PARTNER else COUNTERCLAIM
        promises.start(actor=actor, code=code, subject=row, partner_id=partner_id, refs=ids((partner_id, deal_id)), at=at)
        publish(ClaimMade(claim_id=row.pk, partner_id=partner_id, side=row.side, actor_id=actor.user_id, at=at))
    return row.pk


def _partner(actor: Actor, partner_id: UUID | None) -> UUID:
    if actor.is_partner:
        return actor.partner_id  # type: ignore[return-value]
    if partner_id is None:
        raise Invalid(_("Say which partner helped."), field="partner_id", code="required")
    return partners.partner(actor, partner_id).id


def _where(actor: Actor, account_id: UUID | None, deal_id: UUID | None) -> tuple[UUID | None, str]:
    """The customer of a deal or an account that the actor may see. Raises NotFound, Invalid."""
    if deal_id:
        return deal_of(actor, deal_id)
    if account_id is None:
        raise Invalid(_("Choose the customer."), field="account_id", code="required")
    found = accounts.account_for_partner(actor, account_id) if actor.is_partner else accounts.account(actor, account_id)
    return account_id, found.name[:200]


def deal_of(actor: Actor, deal_id: UUID) -> tuple[UUID | None, str]:
    """The customer's account and name of a deal that the actor may see. Raises NotFound."""
    seen = deals.deals_worth(actor, ids=[deal_id])
    with as_system():
        begun = deals.begun_deals([deal_id]).get(deal_id)
        names = accounts.account_names([begun.account_id]) if begun and begun.account_id else {}
    if begun is None or not (seen or actor.sees_all_partners):
        raise NotFound(_("There is no such deal that you can see."))
    return begun.account_id, (seen[0].customer if seen else names.get(begun.account_id, "") or _("Own opportunity"))[:200]


def confirm_claim(*, actor: Actor, claim_id: UUID, version: int | None = None, at: datetime) -> None:
    """The other side says that it is so; from now on it counts. Raises NotFound, NotAllowed, Stale."""
    row = _load(actor, claim_id, version)
    refuse_if(policies.why_not_answer(actor, row))
    with as_system():
        before = row.snapshot()
        row.touch = add_touch(
            partner_id=row.partner_id, account_id=row.account_id, about=row.deal_id, kind=row.kind, source=Source.CLAIM, source_key=str(row.pk),
            evidence=row.pk, summary=row.statement[:300], occurred_at=row.occurred_at, recorded_at=at, claimed_at=row.made_at, verified_at=at,
        )  # fmt: skip
        _answer(actor, row, ClaimState.CONFIRMED, "", before, at)


def decline_claim(*, actor: Actor, claim_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """The other side says why it is not so. Raises NotFound, NotAllowed, Invalid, Stale."""
    row = _load(actor, claim_id, version)
    refuse_if(policies.why_not_answer(actor, row))
    said = words("reason", reason, most=1000)
    with as_system():
        _answer(actor, row, ClaimState.DECLINED, said, row.snapshot(), at)


def withdraw_claim(*, actor: Actor, claim_id: UUID, version: int | None = None, at: datetime) -> None:
    """The side that spoke takes it back. Raises NotFound, NotAllowed, Stale."""
    row = _load(actor, claim_id, version)
    refuse_if(policies.why_not_withdraw(actor, row))
    with as_system():
        before = row.snapshot()
        row.state, row.version = ClaimState.WITHDRAWN, row.version + 1
        row.save()
        audit.record(actor, "attribution.claim_withdrawn", row, before=before, refs=(row.partner_id,), visible_to=(row.partner_id,), at=at)
        promises.cancel(row.pk, _promise(row), at)


def _load(actor: Actor, claim_id: UUID, version: int | None) -> Claim:
    policies.reach_claims(actor).one(claim_id)
    with as_system():
        row = Claim.objects.locked().one(claim_id)
    if version is not None and version != row.version:
        raise Stale()
    return row


def _answer(actor: Actor, row: Claim, state: ClaimState, said: str, before: dict, at: datetime) -> None:
    row.state, row.answer, row.answered_at, row.answered_side = state, said, at, policies.side_of(actor)
    row.answered_by_id, row.answered_by_name, row.version = actor.user_id, actor.name[:120], row.version + 1
    row.save()
    verb = f"attribution.claim_{state}"
    audit.record(actor, verb, row, before=before, refs=ids((row.partner_id, row.account_id, row.deal_id)), visible_to=(row.partner_id,), note=said, at=at)
    promises.keep(row.pk, _promise(row), at)
    publish(
        ClaimAnswered(
            claim_id=row.pk, partner_id=row.partner_id, state=str(state), answered_side=str(row.answered_side), actor_id=actor.user_id, at=at
        )
    )  # fmt: skip


def _promise(row: Claim) -> str:
    return CLAIM if row.side == Side.PARTNER else COUNTERCLAIM
