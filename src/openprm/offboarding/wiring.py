"""What offboarding contributes."""

from openprm.kernel.registry import Wiring

wiring = Wiring(domain="offboarding")
