"""What applications contributes."""

from openprm.kernel.registry import Wiring

wiring = Wiring(domain="applications")
