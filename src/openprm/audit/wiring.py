from openprm.audit import jobs
from openprm.kernel.registry import Wiring

wiring = Wiring(domain="audit", jobs=(jobs.seal,))
