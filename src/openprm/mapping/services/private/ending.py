"""Runs that end without a result: given up, run out, or refused for what the other side sent."""

from datetime import datetime, timedelta

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.mapping.events import PrivateRunTold
from openprm.mapping.privatemodels import ANSWERED, ARRIVING, ASKED, DROPPED, EXPIRED, IN, OFFERED, PREPARING, REFUSED, PsiMessage, PsiRun
from openprm.mapping.services.private import keeping
from openprm.mapping.services.private.unit import note, short

GRACE = timedelta(days=1)  # an answer given in the last hour is still on its way
CLOSE_WITHIN = timedelta(days=7)  # and so is a close
HALF_SENT = timedelta(days=2)


def give_up(actor: Actor, run: PsiRun, at: datetime) -> None:
    """Its secret and all its points go."""
    _end(run, DROPPED, "", at)
    note(actor, "dropped", run, at, peer=run.peer.name, mode=run.mode)


def refuse(run: PsiRun, why: object, at: datetime) -> None:
    """What the other side sent, or what our own list is, does not allow to go on. Nothing of it is kept."""
    _end(run, REFUSED, short(why), at)
    note(SYSTEM, "refused", run, at, peer=run.peer.name, why=run.problem)
    publish(PrivateRunTold(run_id=run.pk, what=REFUSED))


def _end(run: PsiRun, state: str, problem: str, at: datetime) -> None:
    run.state, run.problem, run.ended_at = state, problem, at
    run.save()
    with system_scope():
        keeping.forget(run)


def end_due(*, at: datetime) -> int:
    """End what nobody answered in time, and throw half-sent messages away; gives how many runs ended."""
    due = [
        *PsiRun.objects.filter(state=ASKED, expires_at__lte=at),
        *PsiRun.objects.filter(state__in=(PREPARING, OFFERED), expires_at__lte=at - GRACE),
        *PsiRun.objects.filter(state=ANSWERED, expires_at__lte=at - CLOSE_WITHIN),
    ]
    for run in due:
        _end(run, EXPIRED, "", at)
        note(SYSTEM, "expired", run, at, peer=run.peer.name, mode=run.mode)
        publish(PrivateRunTold(run_id=run.pk, what=EXPIRED))
    PsiMessage.objects.filter(direction=IN, state=ARRIVING, updated_at__lte=at - HALF_SENT).delete()
    return len(due)
