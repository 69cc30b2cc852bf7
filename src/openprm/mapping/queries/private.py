"""Private comparisons as people of the vendor see them. Nothing here opens a secret."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openprm.audit.rules.seals import fingerprint_of
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotAllowed
from openprm.kernel.scope import system_scope
from openprm.mapping import privatepolicies as policies
from openprm.mapping.engine.psi import transcripts
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.limits import REVEAL, Limits, bucket
from openprm.mapping.engine.psi.words import words_of
from openprm.mapping.privatemodels import (
    ASKED,
    ENDED,
    FINISHED,
    INVITED,
    OUT,
    PINNED,
    WORKING,
    PsiKey,
    PsiMessage,
    PsiPast,
    PsiPeer,
    PsiProgress,
    PsiRow,
    PsiRun,
)

LONGEST_TRANSCRIPT = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """`line` is what one passes on to the other side, `words` what one reads to it."""

    line: str
    fingerprint: str
    words: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerView:
    """`words` are told only once the key is pinned: before, the other side reads them to us. `left` is how many runs are left in the period."""

    id: UUID
    name: str
    url: str
    line: str
    certificate: str
    state: str
    fingerprint: str
    words: tuple[str, ...]
    limits: Limits
    pinned_by: str
    pinned_at: datetime | None
    left: int
    next_at: datetime | None
    version: int
    created_at: datetime

    @property
    def is_pinned(self) -> bool:
        return self.state == PINNED

    @property
    def is_invited(self) -> bool:
        return self.state == INVITED


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """`our_points` and `their_points` are padded sizes: what each side learns of the other list beside the result."""

    id: UUID
    peer_id: UUID
    peer: str
    mode: str
    purpose: str
    state: str
    began_it: bool
    list: str
    agreed_by: str
    agreed_at: datetime | None
    their_agreed_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None
    size: int | None
    our_points: int | None
    their_points: int | None
    common: int | None
    problem: str
    transcript_hash: str
    follows_id: UUID | None
    created_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state in WORKING

    @property
    def is_over(self) -> bool:
        return self.state in ENDED

    @property
    def waits_for_us(self) -> bool:
        return self.state == ASKED

    @property
    def is_finished(self) -> bool:
        return self.state == FINISHED

    @property
    def names(self) -> bool:
        return self.mode == REVEAL


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """How far the message of a run is, that is computed or brought now."""

    done: int
    total: int
    tries: int
    next_try_at: datetime | None
    problem: str

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class CommonView:
    id: UUID
    domain: str
    keys: tuple[str, ...]
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HeadView:
    """A signed message of a transcript, as anybody can check it."""

    at: datetime
    step: str
    mode: str
    sender: str
    receiver: str
    purpose: str
    points: int
    common: int | None


@dataclass(frozen=True, slots=True)
class Told:
    peer: str
    text: str


def own_key(actor: Actor) -> KeyView | None:
    """Our key, when there is one. Raises NotAllowed."""
    _refuse_outsider(actor)
    row = PsiKey.objects.filter(retired_at=None).first()
    if row is None:
        return None
    public = bytes(row.public)
    fingerprint = fingerprint_of(public)
    return KeyView(line=base64.b64encode(public).decode(), fingerprint=fingerprint, words=words_of(fingerprint), since=row.since)


def peers(actor: Actor, at: datetime) -> tuple[PeerView, ...]:
    """By name. Raises NotAllowed. Two queries."""
    _refuse_outsider(actor)
    rows = list(policies.reach_peers(actor))
    starts: dict[UUID, list[datetime]] = {}
    for peer_id, started in PsiPast.objects.filter(peer__in=[row.pk for row in rows]).order_by("started_at").values_list("peer_id", "started_at"):
        starts.setdefault(peer_id, []).append(started)
    return tuple(_peer(row, starts.get(row.pk, []), at) for row in rows)


def peer(actor: Actor, peer_id: UUID, at: datetime) -> PeerView:
    """Raises NotAllowed, NotFound."""
    _refuse_outsider(actor)
    row = policies.reach_peers(actor).one(peer_id)
    return _peer(row, list(PsiPast.objects.filter(peer=row).order_by("started_at").values_list("started_at", flat=True)), at)


def _peer(row: PsiPeer, starts: list[datetime], at: datetime) -> PeerView:
    recent = [start for start in starts if start > at - timedelta(days=row.days)]
    left = max(row.runs - len(recent), 0)
    return PeerView(
        id=row.pk,
        name=row.name,
        url=row.url,
        line=base64.b64encode(bytes(row.public)).decode(),
        certificate=row.certificate,
        state=row.state,
        fingerprint=row.fingerprint,
        words=words_of(row.fingerprint) if row.state == PINNED else (),
        limits=Limits(least=row.least, most=row.most, runs=row.runs, days=row.days, few=row.few),
        pinned_by=row.pinned_by,
        pinned_at=row.pinned_at,
        left=left,
        next_at=None if left else recent[-row.runs] + timedelta(days=row.days),
        version=row.version,
        created_at=row.created_at,
    )


def newest_runs(actor: Actor, peer_id: UUID | None = None) -> QuerySet:
    """The private comparisons, newest first, for a page; `runs` makes views of them. Raises NotAllowed."""
    _refuse_outsider(actor)
    rows = policies.reach_runs(actor).order_by("-created_at", "-id")
    return rows if peer_id is None else rows.filter(peer=peer_id)


def newest_peers(actor: Actor) -> QuerySet:
    """Raises NotAllowed."""
    _refuse_outsider(actor)
    return policies.reach_peers(actor).order_by("-created_at", "-id")


def runs(rows: Iterable[PsiRun]) -> tuple[RunView, ...]:
    return tuple(_run(row) for row in rows)


def run(actor: Actor, run_id: UUID) -> RunView:
    """Raises NotAllowed, NotFound."""
    _refuse_outsider(actor)
    return _run(policies.reach_runs(actor).one(run_id))


def _run(row: PsiRun) -> RunView:
    plain: dict[str, Any] = {name: getattr(row, name) for name in RunView.__slots__ if name not in ("peer", "list")}
    return RunView(**plain, peer=row.peer.name, list=row.population_name)


def way(actor: Actor, run_id: UUID) -> WayView:
    """Raises NotAllowed. Two queries."""
    _refuse_outsider(actor)
    told = PsiProgress.objects.filter(run=run_id).first()
    sent = PsiMessage.objects.filter(run=run_id, direction=OUT).order_by("-created_at", "-id").first()
    return WayView(
        done=told.done if told else 0,
        total=told.total if told else 0,
        tries=sent.tries if sent else 0,
        next_try_at=sent.next_try_at if sent else None,
        problem=sent.problem if sent else "",
    )


def common(actor: Actor, run_id: UUID) -> QuerySet:
    """The companies that both have, for a page; only a run in which both agreed to names has any. Raises NotAllowed, NotFound."""
    _refuse_outsider(actor)
    return policies.reach_rows(actor).filter(run=policies.reach_runs(actor).one(run_id)).order_by("-created_at", "-id")


def companies(rows: Iterable[PsiRow]) -> tuple[CommonView, ...]:
    return tuple(CommonView(row.pk, row.domain, tuple(row.keys), row.name, row.created_at) for row in rows)


def transcript(actor: Actor, run_id: UUID) -> str:
    """The signed transcript of a run of which a message of ours exists. Raises NotAllowed, NotFound, Conflict."""
    _refuse_outsider(actor)
    row = policies.reach_runs(actor).one(run_id)
    if not row.keys:
        raise Conflict(_("Nothing of this private comparison is signed by us yet."), code="no_transcript")
    ours, theirs = (base64.b64decode(key) for key in row.keys)
    return transcripts.written(transcripts.kept(row.transcript), (ours, theirs))


def checked(text: str) -> tuple[HeadView, ...]:
    """The messages of a transcript in which every signature and the order fit. Raises Conflict with what does not."""
    try:
        heads = transcripts.verify(text[:LONGEST_TRANSCRIPT])
    except Refused as why:
        raise Conflict(str(why), field="text", code="no_transcript") from None
    return tuple(
        HeadView(head.at, head.step, head.mode, head.sender, head.receiver, head.purpose, head.points, head.common if head.common >= 0 else None)
        for head in heads
    )


def named(actor: Actor) -> dict[str, str]:
    """Whose a fingerprint is, as far as we know. Raises NotAllowed."""
    _refuse_outsider(actor)
    ours = {fingerprint_of(bytes(row.public)): _("we") for row in PsiKey.objects.all()}
    return {row.fingerprint: row.name for row in policies.reach_peers(actor)} | ours


def padded(rows: int, most: int) -> int:
    """The size that the other side would learn of a list of so many domains."""
    return bucket(max(min(rows, most), 1))


def to_tell(run_id: UUID) -> Told:
    with system_scope():
        row = PsiRun.objects.select_related("peer").get(pk=run_id)
    return Told(row.peer.name, row.problem or row.purpose)


def _refuse_outsider(actor: Actor) -> None:
    if not actor.is_system and (actor.viewing_as or not actor.is_vendor or not actor.can(policies.VIEW)):
        raise NotAllowed(_("Private comparisons are the vendor's own."))
