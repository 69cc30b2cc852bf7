"""What the ledger contributes."""

from openprm.kernel.registry import Wiring
from openprm.ledger.kinds import KINDS

wiring = Wiring(domain="ledger", ports={"ledger.account_kinds": KINDS})
