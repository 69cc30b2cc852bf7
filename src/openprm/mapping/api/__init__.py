"""Account mapping over the API."""

from openprm.mapping.api.across import mapping
from openprm.mapping.api.lists import lists

ROUTERS = {"account-lists": lists, "account-mapping": mapping}

__all__ = ["ROUTERS"]
