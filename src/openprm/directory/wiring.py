"""What directory contributes."""

from openprm.kernel.registry import Wiring

wiring = Wiring(domain="directory")
