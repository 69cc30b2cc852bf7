"""What mapping contributes."""

from openprm.kernel.registry import Wiring
from openprm.mapping.commands import accounts, psi

wiring = Wiring(domain="mapping", commands=(*accounts.COMMANDS, *psi.COMMANDS))
