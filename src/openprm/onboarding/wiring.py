"""What onboarding contributes."""

from openprm.kernel.registry import Wiring

wiring = Wiring(domain="onboarding")
