"""What the kernel itself contributes: the API's housekeeping."""

from openprm.kernel.api import jobs
from openprm.kernel.registry import Wiring

wiring = Wiring(domain="kernel", jobs=(jobs.forget_answers,))
