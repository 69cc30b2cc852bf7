"""What attribution contributes."""

from openprm.attribution import commands
from openprm.kernel.registry import Wiring

wiring = Wiring(domain="attribution", commands=commands.COMMANDS)
