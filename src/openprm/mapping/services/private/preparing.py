"""Making our message: the list is read, every limit looked at, and the points computed. A job that is killed begins anew; nothing had left."""

from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import pyarrow as pa

from openprm.kernel.actor import SYSTEM
from openprm.kernel.events import publish
from openprm.mapping.engine.psi import limits as guards
from openprm.mapping.engine.psi import protocol
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.items import Items
from openprm.mapping.engine.psi.lists import items_of
from openprm.mapping.events import PrivateMessageMade
from openprm.mapping.models import Entry
from openprm.mapping.privatemodels import IN, PINNED, PREPARING, READ, PsiMessage, PsiRun
from openprm.mapping.services.private import ending, keeping, keys
from openprm.mapping.services.private.progress import progress_of
from openprm.mapping.services.private.unit import note


def prepare(*, run_id: UUID, at: datetime) -> bool:
    """Make the offer or the answer that a person agreed to; says whether it was made. When a limit forbids it, the run ends with the sentence."""
    run = PsiRun.objects.select_related("peer").filter(pk=run_id, state=PREPARING).first()
    if run is None:
        return False
    try:
        begun, items, prints = _computed(run, at)
    except Refused as why:
        if (locked := _still_wanted(run)) is not None:
            ending.refuse(locked, why, at)
        return False
    return _kept(run, begun, items, prints, at)


def _computed(run: PsiRun, at: datetime) -> tuple[protocol.Begun, Items, np.ndarray]:
    own, peer = keys.own(), keeping.pinned(run.peer)
    items = _items(run)
    guards.check_own_size(len(items), peer.limits)
    prints, past = guards.prints(items.domains, own.print_key), keeping.past(run.peer, but=run, with_prints=True)
    with progress_of(run.pk) as tell:
        if run.began_it:
            asked = {"mode": run.mode, "purpose": run.purpose, "at": at, "life": timedelta(days=run.stands_days)}
            return protocol.offer(own.me, peer, items, past, prints, **asked, tell=tell), items, prints
        offer = keeping.whole(PsiMessage.objects.get(run=run, direction=IN, step="offer"))
        return protocol.answer(own.me, peer, offer, items, past, prints, consent=run.mode, at=at, tell=tell), items, prints


def _items(run: PsiRun) -> Items:
    rows = Entry.objects.filter(population_id=run.population_id).order_by("key").values_list("key", "domain")
    pairs = list(rows.iterator(chunk_size=10_000))
    items, _without = items_of([key for key, _domain in pairs], pa.array([domain for _key, domain in pairs], pa.string()))
    return items


def _still_wanted(run: PsiRun) -> PsiRun | None:
    """The run, locked, unless a person gave it up meanwhile or its peer is trusted no more."""
    found = PsiRun.objects.select_related("peer").filter(pk=run.pk, state=PREPARING).locked().first()
    return found if found is not None and found.peer.state == PINNED else None


def _kept(run: PsiRun, begun: protocol.Begun, items: Items, prints: np.ndarray, at: datetime) -> bool:
    locked = _still_wanted(run)
    if locked is None:
        return False
    locked.expires_at = begun.message.head.expires
    message = keeping.keep_begun(locked, keys.own().me, begun, items, prints)
    PsiMessage.objects.filter(run=locked, direction=IN, step="offer").update(state=READ)
    note(SYSTEM, locked.state, locked, at, peer=locked.peer.name, mode=locked.mode, purpose=locked.purpose, ours=locked.size, points=locked.our_points)
    publish(PrivateMessageMade(message_id=message.pk))
    return True
