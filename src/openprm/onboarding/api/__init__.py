"""Onboarding over the API: the same services and queries as the pages."""

from ninja import Router

from openprm.onboarding.api import plans, setup, support

router = Router()
for part in (plans, setup, support):
    router.add_router("", part.router)

ROUTERS = {"onboarding": router}
