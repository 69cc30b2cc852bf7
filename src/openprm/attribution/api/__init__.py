"""Credit over the API: the same services and queries as the pages."""

from openprm.attribution.api import figures, runs, said  # noqa: F401  each adds its operations
from openprm.attribution.api.routers import router

ROUTERS = {"attribution": router}
