"""Peers and private comparisons in several states, for pictures."""

from datetime import timedelta
from typing import Any

from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.mapping.privatemodels import PsiRun
from openprm.mapping.privatetesting import make_asked, make_finished, make_peer
from openprm.mapping.services import private
from openprm.mapping.testing import make_list
from openprm.mapping.tests.test_sharing import NAMES

COMPANIES = [f"Nordwerk{number}" for number in range(120)]


def make_showcase(cast: Any) -> None:
    at = now()
    bolt, _delta = make_peer(cast.vendor_admin, at=at - timedelta(days=2)), make_peer(cast.vendor_admin, name="Delta", pinned=False, at=at)
    ours = make_list(cast.vendor_admin, [*NAMES[:5], *COMPANIES], at=at)
    make_finished(bolt, ours, at=at - timedelta(hours=5), common=18)
    make_finished(bolt, ours, mode="reveal", names=tuple(NAMES[:5]), purpose="Names for the joint plan", at=at - timedelta(hours=3))
    make_asked(bolt, mode="reveal", at=at)
    with scope(cast.partner_manager):
        draft = private.RunDraft(peer_id=bolt, population_id=ours, mode="count", purpose="Partner days in Hamburg")
        run = private.start(actor=cast.partner_manager, draft=draft, at=at)
        PsiRun.objects.filter(pk=run).update(state="offered")
