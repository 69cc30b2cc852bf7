"""What analytics contributes."""

from openprm.analytics import jobs
from openprm.kernel.registry import Wiring

wiring = Wiring(domain="analytics", jobs=(jobs.refresh,))
