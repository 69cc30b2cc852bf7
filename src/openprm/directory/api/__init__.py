"""The directory over the API: the same services and queries as the pages."""

from openprm.directory.api.badges import badges
from openprm.directory.api.locator import locator
from openprm.directory.api.profiles import profiles
from openprm.directory.api.references import references

ROUTERS = {"partner-profiles": profiles, "customer-references": references, "directory": locator, "badges": badges}
