"""Runs and messages of the protocol as they are kept in the database. Everything here is called by the system or inside its scope."""

import base64
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import numpy as np
from django.conf import settings

from openprm.mapping.engine.psi import protocol, transcripts
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.items import Items, read_rows, rows_behind
from openprm.mapping.engine.psi.limits import REVEAL, Limits, Past
from openprm.mapping.engine.psi.messages import Message, SignedHead, read, read_signed_head
from openprm.mapping.engine.psi.sealing import seal, unseal
from openprm.mapping.engine.psi.web import PIECE
from openprm.mapping.privatemodels import ANSWERED, IN, OFFERED, OUT, SENDING, WORKING, PsiMessage, PsiPast, PsiPeer, PsiPiece, PsiRun, PsiWork

_NO_PRINTS = np.empty(0, np.uint64)


def pinned(peer: PsiPeer) -> protocol.Peer:
    return protocol.Peer(bytes(peer.public), Limits(least=peer.least, most=peer.most, runs=peer.runs, days=peer.days, few=peer.few))


# runs


def past(peer: PsiPeer, *, but: PsiRun | None = None, with_prints: bool = False) -> tuple[Past, ...]:
    """Every run with this peer that has begun, whatever its key was then; what the other side may have learnt something of is in `PsiPast`."""
    prints = dict(PsiPast.objects.filter(peer=peer).values_list("run_id", "prints" if with_prints else "mode"))
    rows = PsiRun.objects.filter(peer=peer, run__isnull=False).exclude(pk=but.pk if but else None)
    return tuple(_past(row, prints) for row in rows)


def _past(row: PsiRun, prints: dict) -> Past:
    kept = prints.get(row.pk)
    known = np.frombuffer(kept, np.uint64) if isinstance(kept, bytes | memoryview) else _NO_PRINTS
    started = row.begun_at or row.created_at
    return Past(run=row.run, started=started, mode=row.mode, prints=known, is_open=row.state in (OFFERED, ANSWERED), leaked=row.pk in prints)


def run_of(row: PsiRun, work: PsiWork) -> protocol.Run:
    """The run as the protocol continues it. Raises Refused when its secret cannot be opened."""
    return replace(public_run_of(row), secret=unseal(settings.SECRET_KEY, work.sealed))


def public_run_of(row: PsiRun) -> protocol.Run:
    """The run without its secret: enough to weigh a message that comes in."""
    return protocol.Run(
        id=row.run,
        stage=row.state,
        mode=row.mode,
        peer=row.peer.fingerprint,
        started=row.begun_at,
        secret=b"",
        size=row.size,
        heads=transcripts.kept(row.transcript),
    )


def keep_begun(row: PsiRun, me: protocol.Me, begun: protocol.Begun, items: Items, prints: np.ndarray) -> PsiMessage:
    """The run with its message, before the message leaves the house."""
    run = begun.run
    rows = zlib.compress(rows_behind(begun.places, items), 1) if run.mode == REVEAL else b""
    PsiWork(run=row, sealed=seal(settings.SECRET_KEY, run.secret), prints=prints.tobytes(), rows=rows).save(force_insert=True)
    row.run, row.state, row.begun_at, row.size = run.id, run.stage, run.started, run.size
    row.our_points = begun.message.head.points
    row.keys = [base64.b64encode(key).decode() for key in (me.key.public_key().public_bytes_raw(), bytes(row.peer.public))]
    _told(row, run)
    row.save()
    if run.leaked:
        keep_past(row, prints.tobytes())
    return keep_out(row, begun.message)


def keep_past(row: PsiRun, prints: bytes) -> None:
    """From now on the run counts, and later lists are held against its list."""
    PsiPast(peer_id=row.peer_id, run=row, mode=row.mode, started_at=row.begun_at, prints=prints).save(force_insert=True)


def keep_ended(row: PsiRun, ended: protocol.Ended, at: datetime) -> None:
    row.state, row.common, row.ended_at = ended.run.stage, ended.common, at
    _told(row, ended.run)
    row.save()


def _told(row: PsiRun, run: protocol.Run) -> None:
    row.transcript, row.transcript_hash = transcripts.plain(run.heads), run.heads[-1].hash


def rows_of(work: PsiWork) -> list[list[str]]:
    return read_rows(zlib.decompress(work.rows))


def forget(row: PsiRun) -> None:
    """The secret goes, and with it what only an open run needs: every point of either list. A close that is on its way stays until it is there."""
    PsiWork.objects.filter(run=row).delete()
    PsiMessage.objects.filter(run=row).exclude(state=SENDING, step="close").delete()


def is_open(row: PsiRun) -> bool:
    return row.state in WORKING


# messages


def keep_out(row: PsiRun, message: Message) -> PsiMessage:
    signed = message.signed
    body = message.points.tobytes() + message.tags.tobytes()
    kept = PsiMessage(
        peer_id=row.peer_id,
        run=row,
        direction=OUT,
        name=signed.hash,
        head=signed.spelled,
        step=signed.head.step,
        size=signed.size,
        received=signed.size,
        state=SENDING,
        next_try_at=message.head.at,
    )
    kept.save(force_insert=True)
    for start in range(0, len(body), PIECE):
        PsiPiece(message=kept, offset=start, content=body[start : start + PIECE]).save(force_insert=True)
    return kept


def signed_head(kept: PsiMessage) -> SignedHead:
    return read_signed_head(bytes(kept.head))


def whole(kept: PsiMessage) -> Message:
    """Raises Refused when its pieces are not what was signed."""
    return read(b"".join((bytes(kept.head), *pieces(kept))))


def pieces(kept: PsiMessage) -> Iterator[bytes]:
    return (bytes(content) for content in PsiPiece.objects.filter(message=kept).order_by("offset").values_list("content", flat=True))


def is_what_was_signed(kept: PsiMessage) -> bool:
    digest = sha256()
    for offset in PsiPiece.objects.filter(message=kept).order_by("offset").values_list("offset", flat=True):
        digest.update(bytes(PsiPiece.objects.values_list("content", flat=True).get(message=kept, offset=offset)))
    return digest.hexdigest() == signed_head(kept).head.digest


def piece_at(kept: PsiMessage, offset: int) -> bytes:
    """What follows `offset`, at most one piece of it."""
    found = PsiPiece.objects.filter(message=kept, offset__lte=offset).order_by("-offset").first()
    if found is None:
        raise Refused("There is nothing of this message to send.")
    return bytes(found.content)[offset - found.offset :]


def own_message(row: PsiRun) -> Message:
    return whole(PsiMessage.objects.get(run=row, direction=OUT, step="offer" if row.began_it else "answer"))


def waiting(peer: PsiPeer) -> int:
    return PsiMessage.objects.filter(peer=peer, direction=IN, state__in=("arriving", "whole")).count()
