"""What the steps of private comparisons have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.privatemodels import PsiPeer, PsiRun

LONGEST = 500


@contextmanager
def told(field: str | None = None) -> Iterator[None]:
    """What the engine will not do, as a refusal that a page or the API shows. Raises Conflict."""
    try:
        yield
    except Refused as why:
        raise Conflict(str(why), field=field, code="psi_refused") from None


def note(actor: Actor, verb: str, subject: PsiPeer | PsiRun, at: datetime, **facts: Any) -> None:
    """Write a step into the audit log; the peer's journal shows it too, and why something was refused."""
    peer_id = subject.peer_id if isinstance(subject, PsiRun) else subject.pk
    told = {key: fact for key, fact in facts.items() if fact not in (None, "")}
    audit.record(actor, f"mapping.psi_{verb}", subject, after={}, refs=[peer_id], data=told, note=short(facts.get("why", "")), at=at)


def short(sentence: object) -> str:
    return "".join(sign for sign in str(sentence) if sign.isprintable())[:LONGEST]
