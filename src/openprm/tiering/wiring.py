"""What tiering contributes."""

from openprm.kernel.registry import Wiring

wiring = Wiring(domain="tiering")
