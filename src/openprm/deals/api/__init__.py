"""The deals API: one router per resource."""

from openprm.deals.api import catalogue, registrations, standing, work

registrations.router.add_router("", work.router)

ROUTERS = {
    "registrations": registrations.router,
    "pre-checks": standing.prechecks,
    "protections": standing.protections,
    "opportunities": standing.opportunities,
    "products": catalogue.products,
    "product-lines": catalogue.lines,
    "territories": catalogue.territories,
}
