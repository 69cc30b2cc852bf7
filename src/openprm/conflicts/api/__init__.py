"""The conflicts API: one router per resource, the same services and queries as the pages."""

from openprm.conflicts.api import cases, precedents

ROUTERS = {"conflict-cases": cases.router, "precedents": precedents.router, "conflict-figures": precedents.figures}
