"""Beginning a private comparison: one person of ours agrees, and the offer is made by a job."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.mapping import policies as lists
from openprm.mapping import privatepolicies as policies
from openprm.mapping.engine.psi.limits import COUNT, REVEAL, check_own_size, check_runs
from openprm.mapping.events import PrivateRunAgreed
from openprm.mapping.models import Population
from openprm.mapping.privatemodels import FINISHED, PINNED, PREPARING, PsiPeer, PsiRun
from openprm.mapping.services.private import keeping
from openprm.mapping.services.private.unit import note, told
from openprm.mapping.services.unit import line

LONGEST_DAYS = 31
STILL_OPEN = "mapping_psi_one_open_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDraft:
    """`mode` is count or reveal; the offer can be answered for `days`."""

    peer_id: UUID
    population_id: UUID
    mode: str
    purpose: str
    days: int = 7


@transaction.atomic
def start(*, actor: Actor, draft: RunDraft, at: datetime) -> UUID:
    """Agree for our side to compare a list with a peer; nothing leaves before a job has checked every limit. Raises NotAllowed, NotFound, Invalid, Conflict."""
    refuse_if(policies.why_not_compare(actor))
    peer = pinned_peer(actor, draft.peer_id)
    population = own_list(actor, draft.population_id, peer)
    check_limits(peer, at)
    return _begin(actor, peer, population, draft, None, at)


@transaction.atomic
def ask_names(*, actor: Actor, run_id: UUID, at: datetime) -> UUID:
    """After a count, ask for the names over the same list: this is our consent, the other side's people give theirs or not. Raises NotFound, Conflict."""
    refuse_if(policies.why_not_compare(actor))
    counted = policies.reach_runs(actor).one(run_id)
    if counted.state != FINISHED or counted.mode != COUNT or counted.population_id is None:
        raise Conflict(_("Names are asked for after a count that is finished."), code="no_count")
    peer = pinned_peer(actor, counted.peer_id)
    population = own_list(actor, counted.population_id, peer)
    check_limits(peer, at)
    draft = RunDraft(peer_id=peer.pk, population_id=population.pk, mode=REVEAL, purpose=counted.purpose, days=counted.stands_days)
    return _begin(actor, peer, population, draft, counted, at)


def _begin(actor: Actor, peer: PsiPeer, population: Population, draft: RunDraft, follows: PsiRun | None, at: datetime) -> UUID:
    run = PsiRun(
        peer=peer,
        began_it=True,
        mode=_mode(draft.mode),
        purpose=_purpose(draft.purpose),
        population=population,
        population_name=population.name,
        follows=follows,
        state=PREPARING,
        stands_days=_days(draft.days),
        expires_at=at + timedelta(days=_days(draft.days)),
        agreed_by=actor.name[:120],
        agreed_at=at,
    )
    with refused_by(STILL_OPEN, open_already()):
        run.save(force_insert=True)
    note(actor, "started", run, at, peer=peer.name, list=population.name, mode=run.mode, purpose=run.purpose)
    publish(PrivateRunAgreed(run_id=run.pk))
    return run.pk


def open_already() -> Conflict:
    return Conflict(_("A private comparison with this peer is still open. Let it end, or give it up first."), code="run_open")


def pinned_peer(actor: Actor, peer_id: UUID) -> PsiPeer:
    peer = policies.reach_peers(actor).one(peer_id)
    if peer.state != PINNED:
        raise Conflict(_("The key of this peer is not pinned. An administrator compares its words with the other side first."), field="peer", code="not_pinned")
    return peer


def own_list(actor: Actor, population_id: UUID, peer: PsiPeer) -> Population:
    """A list of our own that is large enough by its rows; its domains are counted by the job. Raises NotFound, Conflict."""
    try:
        population = lists.reach(actor).one(population_id)
    except NotFound:
        raise Invalid(_("Choose one of our own lists."), field="population", code="no_list") from None
    with told("population"):
        check_own_size(min(population.row_count, peer.most), keeping.pinned(peer).limits)
    return population


def check_limits(peer: PsiPeer, at: datetime, but: PsiRun | None = None) -> None:
    with told():
        check_runs(keeping.past(peer, but=but), keeping.pinned(peer).limits, at)


def _mode(mode: str) -> str:
    if mode not in (COUNT, REVEAL):
        raise Invalid(_("Say whether the number is wanted or the names."), field="mode", code="unknown_mode")
    return mode


def _purpose(text: str) -> str:
    found = line("purpose", text, 200)
    if not found:
        raise Invalid(_("Say in one line what the result is for: both sides sign it."), field="purpose", code="required")
    return found


def _days(days: int) -> int:
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_("An offer stands for 1 to %(most)d days.") % {"most": LONGEST_DAYS}, field="days", code="out_of_range")
    return days
