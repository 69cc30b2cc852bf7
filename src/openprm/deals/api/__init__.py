"""The deals API: one router per resource."""

from openprm.deals.api import catalogue, life, people, processes, registrations, standing, windows, work

registrations.router.add_router("", work.router)
registrations.router.add_router("", people.router)
registrations.router.add_router("", life.router)
registrations.router.add_router("", windows.router)

ROUTERS = {
    "registrations": registrations.router,
    "pre-checks": standing.prechecks,
    "protections": standing.protections,
    "customer-choices": windows.choices_router,
    "opportunities": standing.opportunities,
    "amendments": life.amendments,
    "renewals": life.renewals,
    "deal-figures": life.figures,
    "sales-process": processes.router,
    "products": catalogue.products,
    "product-lines": catalogue.lines,
    "territories": catalogue.territories,
}
