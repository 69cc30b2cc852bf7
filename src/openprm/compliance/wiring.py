"""What compliance contributes."""

from openprm.kernel.registry import Wiring

wiring = Wiring(domain="compliance")
