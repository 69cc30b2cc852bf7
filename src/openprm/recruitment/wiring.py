"""What recruitment contributes."""

from openprm.kernel.registry import Wiring

wiring = Wiring(domain="recruitment")
