"""The leads API: one router per resource; those of intake are contributed by its own doors."""

from openprm.leads.api import leads, notes

ROUTERS = {"leads": notes.router, "lead-receivers": leads.receivers}
