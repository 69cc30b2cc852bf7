"""The routers of agreements, by the address they stand at."""

from openprm.agreements.api.operations import agreements

ROUTERS = {"agreements": agreements}
