"""Bringing our messages to the peer's server: from where an earlier try stopped, again and again while it makes sense."""

from datetime import datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

from django.conf import settings

from openprm.kernel import db
from openprm.kernel.actor import SYSTEM
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.web import Address, PeerRefused, bring
from openprm.mapping.privatemodels import OFFERED, OUT, PINNED, SENDING, SENT, UNSENT, PsiMessage, PsiPeer, PsiRun
from openprm.mapping.services.private import ending, keeping
from openprm.mapping.services.private.progress import progress_of
from openprm.mapping.services.private.unit import note, short

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LONGEST_TRYING = timedelta(days=7)
ASK_AFTER = timedelta(minutes=30)
AT_ONCE = 20


def due_messages(*, at: datetime) -> tuple[UUID, ...]:
    """The messages whose next try is due: after a failure, or because the worker that sent them was killed."""
    rows = PsiMessage.objects.filter(direction=OUT, state=SENDING, next_try_at__lte=at).order_by("next_try_at")
    return tuple(rows.values_list("pk", flat=True)[:AT_ONCE])


def deliver(*, message_id: UUID, at: datetime) -> bool:
    """Bring one message; says whether the peer has it. No row is locked while the network is waited for; two that bring the same do no harm."""
    kept = PsiMessage.objects.select_related("peer", "run__peer").filter(pk=message_id, state=SENDING).first()
    if kept is None or not _alone(kept):
        return False
    if kept.peer.state != PINNED or kept.created_at <= at - LONGEST_TRYING:
        return _stop(kept, "It could not be brought to the other side in time.", at)
    try:
        with progress_of(kept.run_id) as tell:
            bring(keeping.signed_head(kept), lambda offset: keeping.piece_at(kept, offset), address_of(kept.peer), tell)
    except PeerRefused as why:
        return _stop(kept, why, at)
    except (Refused, OSError) as why:
        return _again(kept, why, at)
    _note_sent(kept, at)
    return True


def silent_offers(*, at: datetime) -> tuple[UUID, ...]:
    """The offers that were brought and have no answer: their people may have declined."""
    rows = PsiMessage.objects.filter(direction=OUT, state=SENT, step="offer", run__state=OFFERED, updated_at__lte=at - ASK_AFTER)
    return tuple(rows.order_by("updated_at").values_list("pk", flat=True)[:AT_ONCE])


def ask_after(*, message_id: UUID, at: datetime) -> bool:
    """Announce an offer once more: a peer that still has it says so, one whose people declined says that. Says whether the offer still stands."""
    kept = PsiMessage.objects.select_related("peer", "run__peer").filter(pk=message_id, state=SENT).first()
    if kept is None or kept.peer.state != PINNED or not _alone(kept):
        return False
    try:
        bring(keeping.signed_head(kept), lambda offset: keeping.piece_at(kept, offset), address_of(kept.peer), lambda _done, _all: None)
    except PeerRefused as why:
        return _stop(kept, why, at)
    except (Refused, OSError):
        return True
    PsiMessage.objects.filter(pk=kept.pk).update(updated_at=at)
    return True


def address_of(peer: PsiPeer) -> Address:
    """Where the peer takes messages; only a public address, or one in a network that the operator named."""
    networks = tuple(ip_network(text) for text in settings.OPENPRM_PEER_NETWORKS)
    return Address(peer.url, peer.certificate, only_public=True, networks=networks)


def _alone(kept: PsiMessage) -> bool:
    """Another worker that brings this message now is left to it."""
    return bool(db.value("select pg_try_advisory_xact_lock(hashtextextended(%s, 4182))", [kept.name]))


def _note_sent(kept: PsiMessage, at: datetime) -> None:
    PsiMessage.objects.filter(pk=kept.pk, state=SENDING).update(state=SENT, next_try_at=None, problem="", updated_at=at)
    run = kept.run
    note(SYSTEM, "sent", run, at, peer=kept.peer.name, step=kept.step, bytes=kept.size + len(bytes(kept.head)))
    if not keeping.is_open(PsiRun.objects.get(pk=run.pk)):
        keeping.forget(run)


def _again(kept: PsiMessage, why: object, at: datetime) -> bool:
    wait = min(FIRST_WAIT * 2 ** min(kept.tries, 12), LONGEST_WAIT)
    PsiMessage.objects.filter(pk=kept.pk).update(tries=kept.tries + 1, next_try_at=at + wait, problem=short(why), updated_at=at)
    return False


def _stop(kept: PsiMessage, why: object, at: datetime) -> bool:
    """The other side wants it not. An offer or answer that nobody reads ends its run; a result of ours stays, and says that they did not hear it."""
    PsiMessage.objects.filter(pk=kept.pk).update(state=UNSENT, next_try_at=None, problem=short(why), updated_at=at)
    run = PsiRun.objects.select_related("peer").filter(pk=kept.run_id).locked().first()
    if run is not None and keeping.is_open(run):
        ending.refuse(run, why, at)
    elif run is not None:
        PsiRun.objects.filter(pk=run.pk).update(problem=short(why))
        note(SYSTEM, "unsent", run, at, peer=kept.peer.name, step=kept.step, why=short(why))
    return False
