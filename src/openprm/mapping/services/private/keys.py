"""Our own key: made once by an administrator, sealed under the installation's secret, renewed when it may be known to others."""

import os
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, refuse_if, refused_by
from openprm.mapping import privatepolicies as policies
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.protocol import Me
from openprm.mapping.engine.psi.sealing import seal, unseal
from openprm.mapping.privatemodels import WORKING, PsiKey, PsiRun


@dataclass(frozen=True)
class Own:
    """Who we are for a run, and the key of the fingerprints of our lists."""

    me: Me
    print_key: bytes


def own() -> Own:
    """Raises Refused when there is no key, or the secret that sealed it is another one."""
    kept = PsiKey.objects.filter(retired_at=None).first()
    if kept is None:
        raise Refused("There is no key of our own yet: an administrator makes it on the page of private comparisons.")
    private = Ed25519PrivateKey.from_private_bytes(unseal(settings.SECRET_KEY, kept.sealed))
    return Own(Me(private), unseal(settings.SECRET_KEY, kept.sealed_prints))


@transaction.atomic
def make_key(*, actor: Actor, at: datetime) -> str:
    """Make our key; gives its fingerprint. Raises NotAllowed, Conflict when there is one."""
    refuse_if(policies.why_not_manage_peers(actor))
    with refused_by("mapping_one_psi_key", Conflict(_("There is a key already. Its public line is on the page of private comparisons."), code="key_exists")):
        return _make(actor, seal(settings.SECRET_KEY, os.urandom(32)), "key_made", at)


@transaction.atomic
def renew_key(*, actor: Actor, at: datetime) -> str:
    """Go on with a new key: every peer must compare and pin it before the next run. Raises NotAllowed, Conflict while a run is open."""
    refuse_if(policies.why_not_manage_peers(actor))
    kept = PsiKey.objects.filter(retired_at=None).locked().first()
    if kept is None:
        raise Conflict(_("There is no key to renew. Make the first one."), code="no_key")
    if PsiRun.objects.filter(state__in=WORKING).exists():
        raise Conflict(_("A private comparison is still open and signed with this key. Let it end, or give it up first."), code="run_open")
    PsiKey.objects.filter(pk=kept.pk).update(retired_at=at, sealed="", sealed_prints="")
    return _make(actor, kept.sealed_prints, "key_renewed", at)


def _make(actor: Actor, sealed_prints: str, verb: str, at: datetime) -> str:
    private = Ed25519PrivateKey.generate()
    made = PsiKey(
        public=private.public_key().public_bytes_raw(), sealed=seal(settings.SECRET_KEY, private.private_bytes_raw()), sealed_prints=sealed_prints, since=at
    )
    made.save(force_insert=True)
    fingerprint = Me(private).fingerprint
    audit.record(actor, f"mapping.psi_{verb}", made, after={}, data={"fingerprint": fingerprint}, at=at)
    return fingerprint
