"""Builders for tests of private comparisons: a key of ours, a pinned peer, and comparisons in every state, without another server."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope, system_scope
from openprm.mapping.engine.psi.words import words_of
from openprm.mapping.privatemodels import ASKED, FINISHED, PsiPeer, PsiRow, PsiRun
from openprm.mapping.queries import private as queries
from openprm.mapping.services import private
from openprm.mapping.testing import SOME_DAY


def make_own_key(admin: Actor, *, at: datetime = SOME_DAY) -> None:
    with scope(admin):
        if queries.own_key(admin) is None:
            private.make_key(actor=admin, at=at)


def make_peer(admin: Actor, *, name: str = "Bolt", pinned: bool = True, at: datetime = SOME_DAY) -> UUID:
    make_own_key(admin, at=at)
    line = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    with scope(admin):
        draft = private.PeerDraft(name=name, url=f"https://{name.lower()}.example", public=line)
        peer_id = private.add_peer(actor=admin, draft=draft, at=at)
        if pinned:
            words = " ".join(words_of(PsiPeer.objects.get(pk=peer_id).fingerprint))
            private.pin_peer(actor=admin, peer_id=peer_id, words=words, at=at)
    return peer_id


def make_asked(peer_id: UUID, *, mode: str = "count", purpose: str = "Joint plan 2027", at: datetime = SOME_DAY) -> UUID:
    """An offer of the peer that waits for a person of ours."""
    with system_scope():
        run = PsiRun(peer_id=peer_id, run=_run(), began_it=False, mode=mode, purpose=purpose, state=ASKED, expires_at=at + timedelta(days=7))
        run.their_agreed_at, run.their_points = at, 160
        run.save(force_insert=True)
    return run.pk


def make_finished(peer_id: UUID, population_id: UUID, *, mode: str = "count", names: tuple[str, ...] = (), at: datetime = SOME_DAY, **more: Any) -> UUID:
    """A finished comparison with these companies in common."""
    with system_scope():
        run = PsiRun(peer_id=peer_id, run=_run(), began_it=True, mode=mode, purpose=more.get("purpose", "Joint plan 2026"), state=FINISHED)
        run.population_id, run.population_name = population_id, "Customers"
        run.agreed_by, run.agreed_at, run.their_agreed_at = "Vera Voss", at, at
        run.begun_at, run.ended_at, run.expires_at = at, at, at + timedelta(days=7)
        run.size, run.our_points, run.their_points = 120, 125, 160
        run.common, run.transcript_hash = more.get("common", len(names)), "0" * 63 + "1"
        run.save(force_insert=True)
        for name in names:
            PsiRow(run=run, domain=f"{name.lower()}.com", keys=[f"vendor-{name.lower()}"], name=f"{name} Oy").save(force_insert=True)
    return run.pk


def _run() -> str:
    return secrets.token_hex(16)
