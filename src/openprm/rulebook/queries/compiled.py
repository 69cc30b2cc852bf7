"""Versions made ready for evaluation, once per process. A published version never changes, so its id is key enough."""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from ..models import RuleVersion
from ..ports import RuleKind
from ..rules.evaluation import Compiled
from ..rules.jdm import from_jdm

KEPT = 500
_ready: OrderedDict[tuple[UUID, str], Compiled] = OrderedDict()
_lock = Lock()


def compiled(version: RuleVersion, kind: RuleKind) -> Compiled:
    """The version's table, compiled. `version.content` may be deferred: it is read only the first time."""
    key = (version.pk, version.sha256)
    found = _ready.get(key)
    if found is None or found.kind is not kind:
        found = _keep(key, Compiled(from_jdm(version.content, kind), kind))
    return found


def _keep(key: tuple[UUID, str], made: Compiled) -> Compiled:
    with _lock:
        _ready[key] = made
        while len(_ready) > KEPT:
            _ready.popitem(last=False)
    return made
