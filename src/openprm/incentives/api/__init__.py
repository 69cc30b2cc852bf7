"""Plans and usage over the API: the same services and queries as the pages."""

from openprm.incentives.api import plans, usage

ROUTERS = {"plans": plans.router, "usage": usage.router}
