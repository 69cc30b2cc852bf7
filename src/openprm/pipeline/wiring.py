from openprm.kernel.registry import Wiring

wiring = Wiring(domain="pipeline")
