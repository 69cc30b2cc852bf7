"""With whom lists are compared privately: added, compared by word of mouth, pinned, limited, revoked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from cryptography import x509
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit.rules.seals import fingerprint_of
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.mapping import privatepolicies as policies
from openprm.mapping.engine.psi.folder import public_key
from openprm.mapping.engine.psi.limits import Limits
from openprm.mapping.engine.psi.web import Address
from openprm.mapping.engine.psi.words import are_words_of
from openprm.mapping.privatemodels import INVITED, PINNED, REVOKED, WORKING, PsiKey, PsiPeer, PsiRun
from openprm.mapping.services.private import ending
from openprm.mapping.services.private.unit import note, told
from openprm.mapping.services.unit import line, refuse_stale

LONGEST_CERTIFICATE = 20_000
MOST_PEERS = 500
_NAMED = "mapping_psi_peer_once_per_name"
_KEYED = "mapping_psi_peer_once_per_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerDraft:
    """`public` is the line of 44 signs that the other side passes on; `certificate` the PEM that alone is trusted there, or nothing."""

    name: str
    url: str
    public: str
    certificate: str = ""


@transaction.atomic
def add_peer(*, actor: Actor, draft: PeerDraft, at: datetime) -> UUID:
    """Note another company's server. Nothing is sent or taken before its key is compared and pinned. Raises NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_manage_peers(actor))
    if PsiPeer.objects.count() >= MOST_PEERS:
        raise Conflict(_("You keep %(most)d peers.") % {"most": MOST_PEERS}, code="too_many_peers")
    peer = PsiPeer(name=_name(draft.name), state=INVITED)
    _fill(peer, draft)
    with _unique():
        peer.save(force_insert=True)
    note(actor, "peer_added", peer, at, name=peer.name, url=peer.url, fingerprint=peer.fingerprint)
    return peer.pk


@transaction.atomic
def change_peer(*, actor: Actor, peer_id: UUID, draft: PeerDraft, version: int | None = None, at: datetime) -> int:
    """Another address, certificate or key; with another key it must be compared and pinned anew. What was compared before still counts. Gives the version."""
    peer = _locked(actor, peer_id, version)
    before = peer.fingerprint
    peer.name = _name(draft.name)
    _fill(peer, draft)
    if peer.fingerprint != before:
        _refuse_open(peer)
        peer.state, peer.pinned_at, peer.pinned_by = INVITED, None, ""
    peer.version += 1
    with _unique():
        peer.save()
    note(actor, "peer_changed", peer, at, name=peer.name, url=peer.url, fingerprint=peer.fingerprint)
    return peer.version


@transaction.atomic
def pin_peer(*, actor: Actor, peer_id: UUID, words: str, at: datetime) -> None:
    """Trust the key of a peer whose words somebody there read to us. Raises NotAllowed, NotFound, Invalid."""
    peer = _locked(actor, peer_id, None)
    if not are_words_of(words, peer.fingerprint):
        raise Invalid(
            _("These are not the words of the key you entered. Ask the other side to read theirs again, and compare the line of the key."),
            field="words",
            code="other_words",
        )
    peer.state, peer.pinned_by, peer.pinned_at, peer.revoked_at = PINNED, actor.name[:120], at, None
    peer.version += 1
    peer.save()
    note(actor, "pinned", peer, at, fingerprint=peer.fingerprint)


@transaction.atomic
def revoke_peer(*, actor: Actor, peer_id: UUID, at: datetime) -> None:
    """Trust a peer no more: what is open with it ends, its messages are refused. Pinning it again begins with comparing words. Raises NotAllowed, NotFound."""
    peer = _locked(actor, peer_id, None)
    if peer.state == REVOKED:
        return
    for run in PsiRun.objects.filter(peer=peer, ended_at=None).locked():
        ending.give_up(actor, run, at)
    peer.state, peer.revoked_at = REVOKED, at
    peer.version += 1
    peer.save()
    note(actor, "revoked", peer, at, fingerprint=peer.fingerprint)


@transaction.atomic
def set_limits(*, actor: Actor, peer_id: UUID, limits: Limits, version: int | None = None, at: datetime) -> int:
    """How much this peer may ask, and we it; the stricter of both sides counts. Gives the version. Raises NotAllowed, NotFound, Stale."""
    peer = _locked(actor, peer_id, version)
    for name, value in asdict(limits).items():
        setattr(peer, name, value)
    peer.version += 1
    peer.save()
    note(actor, "limits_set", peer, at, **asdict(limits))
    return peer.version


def read_limits(*, least: int, most: int, runs: int, days: int, few: int) -> Limits:
    """Raises Conflict with what no setting goes beyond."""
    with told("least"):
        return Limits(least=least, most=most, runs=runs, days=days, few=few)


def _locked(actor: Actor, peer_id: UUID, version: int | None) -> PsiPeer:
    refuse_if(policies.why_not_manage_peers(actor))
    peer = policies.reach_peers(actor).locked().one(peer_id)
    refuse_stale(peer, version)
    return peer


def _fill(peer: PsiPeer, draft: PeerDraft) -> None:
    with told("public"):
        public = public_key(draft.public[:200])
    if any(bytes(kept.public) == public for kept in PsiKey.objects.all()):
        raise Invalid(_("This is our own key. Enter the line that the other side gave you."), field="public", code="own_key")
    with told("url"):
        peer.url = Address(line("url", draft.url, 300)).url
    peer.certificate = _certificate(draft.certificate)
    peer.public, peer.fingerprint = public, fingerprint_of(public)


def _certificate(text: str) -> str:
    found = text.strip()
    if not found:
        return ""
    try:
        if len(found) > LONGEST_CERTIFICATE or not x509.load_pem_x509_certificates(found.encode()):
            raise ValueError
    except ValueError:
        raise Invalid(
            _("This is no certificate. Paste the text that begins with -----BEGIN CERTIFICATE-----, or leave it out to trust what the system trusts."),
            field="certificate",
            code="no_certificate",
        ) from None
    return found


def _name(text: str) -> str:
    found = line("name", text, 80)
    if not found:
        raise Invalid(_("Give the peer a name, for example that of the company."), field="name", code="required")
    return found


@contextmanager
def _unique() -> Iterator[None]:
    named = Conflict(_("There is a peer of this name."), field="name", code="name_taken")
    keyed = Conflict(_("This key is another peer's. A second name would open a second allowance."), field="public", code="key_taken")
    with refused_by(_NAMED, named), refused_by(_KEYED, keyed):
        yield


def _refuse_open(peer: PsiPeer) -> None:
    if PsiRun.objects.filter(peer=peer, state__in=WORKING).exists():
        raise Conflict(_("A private comparison with this peer is still open. Let it end, or give it up first."), code="run_open")
