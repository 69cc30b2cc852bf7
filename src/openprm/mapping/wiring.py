"""What mapping contributes."""

from openprm.kernel.registry import Wiring
from openprm.mapping import commands

wiring = Wiring(domain="mapping", commands=commands.COMMANDS)
