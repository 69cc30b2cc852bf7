"""The co-selling API: one router per resource."""

from openprm.cosell.api import engagements, invitations, work

engagements.router.add_router("", work.router)

ROUTERS = {
    "engagements": engagements.router,
    "engagement-invitations": invitations.invitations,
    "engagement-connections": invitations.connections,
}
