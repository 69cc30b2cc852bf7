"""What the provider tells us: signed events, and the state of a payee's account there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.payouts import policies
from openprm.payouts.events import PayoutBounced
from openprm.payouts.models import Payee, Payout, ProviderEvent
from openprm.payouts.ports import ProviderDown, ProviderNews, ProviderRefusal
from openprm.payouts.rules.states import ON_THE_WAY, Pay
from openprm.payouts.services.paying import provider
from openprm.payouts.services.settling import complete_payouts, fail_payout
from openprm.payouts.services.unit import as_system, load, record, save


class BadSignature(NotAllowed):
    """The event is not signed with our secret, or is too old."""


def receive_event(*, code: str, header: str, body: bytes, at: datetime) -> str:
    """Take an event once and give what was done.

    Opens the system's scope by itself. Raises BadSignature, Invalid, NotFound, Conflict (the provider is not set up).
    """
    with system_scope():
        try:
            news = provider(code).read_event(header=header, body=body, at=at)
        except PermissionError:
            raise BadSignature(_("The signature does not fit. Check the webhook secret on both sides.")) from None
        except ValueError:
            raise Invalid(_("This is no event.")) from None
        row, is_new = ProviderEvent.objects.get_or_create(
            provider=code, event_id=news.event_id, defaults={"kind": news.kind[:80], "outcome": "", "received_at": at}
        )  # fmt: skip
        if not is_new:
            return row.outcome
        row.outcome, row.payout = _apply(news, at)
        row.save(update_fields=["outcome", "payout", "updated_at"])
        return row.outcome


def _apply(news: ProviderNews, at: datetime) -> tuple[str, Payout | None]:
    if news.what == "account":
        return _account(news, at), None
    if not news.what:
        return "ignored", None
    payout = _payout(news)
    if payout is None:
        return "unknown payment", None
    if news.what == "paid":
        return _paid(payout, news, at), payout
    if news.what == "reversed":
        return _reversed(payout, news, at), payout
    if payout.state in ON_THE_WAY or payout.state == Pay.COMPLETED:
        publish(PayoutBounced(payout_id=payout.pk, reason=news.reason, at=at))
        return "failed: to be taken back", payout
    return "known already", payout


def _payout(news: ProviderNews) -> Payout | None:
    wanted = {"payout_ref": news.payout_ref} if news.payout_ref else {"transfer_ref": news.transfer_ref}
    return Payout.objects.filter(**wanted).locked().first() if any(wanted.values()) else None


def _paid(payout: Payout, news: ProviderNews, at: datetime) -> str:
    if (news.amount_minor, news.currency) != (payout.amount_minor, payout.currency):
        return "another amount: look at it"
    if payout.state not in ON_THE_WAY:
        return "known already"
    complete_payouts(SYSTEM, [payout], at)
    return "completed"


def _reversed(payout: Payout, news: ProviderNews, at: datetime) -> str:
    if payout.state not in ON_THE_WAY | {Pay.COMPLETED}:
        return "known already"
    fail_payout(SYSTEM, payout, news.reason, at)
    return "returned"


def _account(news: ProviderNews, at: datetime) -> str:
    payee = Payee.objects.filter(provider_account=news.account).locked().first()
    if payee is None or news.state is None:
        return "unknown account"
    _set_state(SYSTEM, payee, news.state.is_ready, news.state.note, at)
    return "account is ready" if news.state.is_ready else "account is not ready"


def _set_state(actor: Actor, payee: Payee, is_ready: bool, note: str, at: datetime) -> None:
    if (payee.provider_ready, payee.provider_note) == (is_ready, note[:300]):
        return
    before = payee.snapshot()
    payee.provider_ready, payee.provider_note = is_ready, note[:300]
    save(payee, "provider_ready", "provider_note")
    record(actor, "payout.provider_account", payee, before=before, partner_id=payee.partner_id, note=note[:300], at=at)


@transaction.atomic
def refresh_account(*, actor: Actor, partner_id: UUID, at: datetime) -> bool:
    """Ask the provider whether it pays out to this payee. Raises NotFound, NotAllowed, Conflict."""
    payee = policies.reach_payees(actor).filter(partner_id=partner_id).first()
    if payee is None or not payee.provider_account:
        raise Conflict(_("There is no account at the provider in this profile."))
    if policies.why_not_give(actor, partner_id) and (reason := policies.why_not_check(actor)):
        raise NotAllowed(reason)
    with as_system(actor):
        try:
            state = provider("stripe").account(payee.provider_account)
        except (ProviderRefusal, ProviderDown) as refusal:
            raise Conflict(_("The provider answered: %(reason)s") % {"reason": refusal}, field="provider_account") from None
        _set_state(actor, load(Payee.objects, payee.pk), state.is_ready, state.note, at)
    return state.is_ready
