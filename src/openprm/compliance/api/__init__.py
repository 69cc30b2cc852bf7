"""The compliance API: one router per resource, the same services and queries as the pages."""

from openprm.compliance.api import cases, papers, setup

ROUTERS = {
    "risk-cases": cases.router,
    "red-flags": cases.flags,
    "compliance-answers": papers.answers,
    "certificates": papers.certificates,
    "verifications": papers.verifications,
    "company-owners": papers.owners,
    "gate-policies": setup.policies,
    "sanctions-lists": setup.lists,
}
