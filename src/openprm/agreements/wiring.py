"""What agreements contributes."""

from openprm.kernel.registry import Wiring

wiring = Wiring(domain="agreements")
