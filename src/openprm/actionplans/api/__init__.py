"""Action plans over the API: the same services and queries as the pages."""

from openprm.actionplans.api import plans, templates

ROUTERS = {"action-plans": plans.router, "action-plan-templates": templates.router}
