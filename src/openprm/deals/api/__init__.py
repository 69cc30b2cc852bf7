"""The deals API: one router per resource."""

from openprm.deals.api import catalogue, people, registrations, standing, work

registrations.router.add_router("", work.router)
registrations.router.add_router("", people.router)

ROUTERS = {
    "registrations": registrations.router,
    "pre-checks": standing.prechecks,
    "protections": standing.protections,
    "opportunities": standing.opportunities,
    "products": catalogue.products,
    "product-lines": catalogue.lines,
    "territories": catalogue.territories,
}
