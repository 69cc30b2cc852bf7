"""Reading what a peer answered: the result, and for whom it is owed the close that tells the other side the same."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.events import publish
from openprm.mapping.engine.psi import protocol
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.items import of_found
from openprm.mapping.engine.psi.messages import ANSWER, Message
from openprm.mapping.events import PrivateMessageMade, PrivateRunTold
from openprm.mapping.models import Entry
from openprm.mapping.privatemodels import FINISHED, READ, WHOLE, WORKING, PsiMessage, PsiRow, PsiRun, PsiWork
from openprm.mapping.services.private import ending, keeping, keys
from openprm.mapping.services.private.progress import progress_of
from openprm.mapping.services.private.unit import note

MOST_KEYS = 200  # of our rows that share one domain
AT_ONCE = 2_000


def read_message(*, message_id: UUID, at: datetime) -> bool:
    """Read the answer or the close of a peer, once; says whether the run is finished by it. What is wrong with it ends the run with the sentence."""
    kept = PsiMessage.objects.select_related("peer").filter(pk=message_id, state=WHOLE).locked().first()
    if kept is None or kept.run_id is None:
        return False
    run = PsiRun.objects.select_related("peer").filter(pk=kept.run_id, state__in=WORKING).locked().first()
    if run is None:
        return False
    try:
        _finish(run, keeping.whole(kept), at)
    except Refused as why:
        ending.refuse(run, why, at)
        return False
    return True


def _finish(run: PsiRun, got: Message, at: datetime) -> None:
    work = PsiWork.objects.get(run=run)
    ended = _ended(run, work, got, at)
    common = [] if ended.found is None else of_found(keeping.rows_of(work), ended.found)
    run.their_points = run.their_points if got.head.step != ANSWER else got.head.points
    run.their_agreed_at = run.their_agreed_at or got.head.at
    prints = bytes(work.prints)
    keeping.keep_ended(run, ended, at)
    PsiMessage.objects.filter(run=run, direction="in").update(state=READ)
    _keep_names(run, common)
    if ended.message is not None:
        keeping.keep_past(run, prints)
        publish(PrivateMessageMade(message_id=keeping.keep_out(run, ended.message).pk))
    keeping.forget(run)
    note(SYSTEM, "finished", run, at, peer=run.peer.name, mode=run.mode, common=run.common, transcript=run.transcript_hash)
    publish(PrivateRunTold(run_id=run.pk, what=FINISHED))


def _ended(run: PsiRun, work: PsiWork, got: Message, at: datetime) -> protocol.Ended:
    me, peer, mine = keys.own().me, keeping.pinned(run.peer), keeping.own_message(run)
    begun = keeping.run_of(run, work)
    if not run.began_it:
        return protocol.close(me, peer, begun, mine, got, at=at)
    with progress_of(run.pk) as tell:
        return protocol.finish(me, peer, begun, mine, got, at=at, tell=tell)


def _keep_names(run: PsiRun, common: list[list[str]]) -> None:
    for start in range(0, len(common), AT_ONCE):
        part = common[start : start + AT_ONCE]
        first = {keys[0] for _domain, *keys in part}
        names = dict(Entry.objects.filter(population_id=run.population_id, key__in=first).values_list("key", "name"))
        rows = [PsiRow(run=run, domain=domain, keys=keys[:MOST_KEYS], name=names.get(keys[0], "")) for domain, *keys in part]
        PsiRow.objects.bulk_create(rows)
