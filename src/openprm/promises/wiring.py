from openprm.kernel.registry import Wiring
from openprm.promises import jobs, services

wiring = Wiring(domain="promises", jobs=(jobs.mark_due,), ports={"install": (services.ensure_defaults,)})
