"""Something to look at: a team with invitations, tokens, news. For pictures (tests/journeys/shots.py)."""

from datetime import timedelta

from openprm.identity import services
from openprm.identity.models import Invitation
from openprm.identity.testing import make_person, membership_of
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import scope


def make_showcase(cast) -> None:
    at = now()
    for actor in (cast.partner_admin, cast.vendor_admin):
        role = "partner_sales" if actor.is_partner else "partner_manager"
        with scope(actor):
            for email, name in (("sanna.aho@kallio.example", "Sanna Aho"), ("timo.virta@kallio.example", "")):
                services.invite_person(actor=actor, organization_id=actor.organization_id, email=email, name=name, role=role, at=at)
            services.create_api_token(actor=actor, name="CRM sync", scopes=("identity:read", "identity:write"), days=90, at=at)
            old = services.create_api_token(actor=actor, name="Old report", scopes=("identity:read",), days=30, at=at)
            services.revoke_api_token(actor=actor, token_id=old.id, at=at)
    Invitation.objects.filter(email__startswith="timo").update(expires_at=at - timedelta(days=1))
    leaver = make_person(cast.partner, "partner_sales", name="Pekka Ranta", email="pekka.ranta@kallio.example")
    services.disable_person(actor=SYSTEM, membership_id=membership_of(leaver).pk, at=at)
