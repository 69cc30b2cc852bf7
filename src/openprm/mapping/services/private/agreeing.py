"""The other side asks: a person of ours agrees with a list, declines, or gives a run up."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.mapping import privatepolicies as policies
from openprm.mapping.events import PrivateRunAgreed
from openprm.mapping.privatemodels import ASKED, DECLINED, PREPARING, PsiRun
from openprm.mapping.services.private import ending, keeping
from openprm.mapping.services.private.starting import STILL_OPEN, check_limits, open_already, own_list, pinned_peer
from openprm.mapping.services.private.unit import note


@transaction.atomic
def agree(*, actor: Actor, run_id: UUID, population_id: UUID, mode: str, at: datetime) -> None:
    """Answer an offer with a list of ours, in the mode that it asks for and this person names. Raises NotAllowed, NotFound, Invalid, Conflict."""
    run = _asked(actor, run_id)
    if run.expires_at <= at:
        raise Conflict(_("The offer can be answered no more. Ask the other side for another one."), code="expired")
    if mode != run.mode:
        raise Invalid(_("The offer is for something else than you agree to. Look at it again."), field="mode", code="other_mode")
    peer = pinned_peer(actor, run.peer_id)
    run.population = own_list(actor, population_id, peer)
    check_limits(peer, at, but=run)
    run.population_name, run.state = run.population.name, PREPARING
    run.agreed_by, run.agreed_at = actor.name[:120], at
    with refused_by(STILL_OPEN, open_already()):
        run.save()
    note(actor, "agreed", run, at, peer=peer.name, list=run.population_name, mode=run.mode, purpose=run.purpose)
    publish(PrivateRunAgreed(run_id=run.pk))


@transaction.atomic
def decline(*, actor: Actor, run_id: UUID, at: datetime) -> None:
    """Do not answer an offer: its points are thrown away, nothing was computed with them. Raises NotAllowed, NotFound, Conflict."""
    run = _asked(actor, run_id)
    run.state, run.ended_at = DECLINED, at
    run.save()
    with system_scope():
        keeping.forget(run)
    note(actor, "declined", run, at, peer=run.peer.name, mode=run.mode, purpose=run.purpose)


@transaction.atomic
def drop(*, actor: Actor, run_id: UUID, at: datetime) -> None:
    """Give a run up: its secret is destroyed. One that we answered still counts. Raises NotAllowed, NotFound, Conflict."""
    refuse_if(policies.why_not_compare(actor))
    run = policies.reach_runs(actor).locked().one(run_id)
    if not keeping.is_open(run):
        raise Conflict(_("This private comparison is over already."), code="over")
    ending.give_up(actor, run, at)


def _asked(actor: Actor, run_id: UUID) -> PsiRun:
    refuse_if(policies.why_not_compare(actor))
    run = policies.reach_runs(actor).locked().one(run_id)
    if run.state != ASKED:
        raise Conflict(_("This offer was answered, declined or ended already."), code="not_asked")
    return run
