"""What a domain promises: contributed as `Wiring(promises=(PromiseKind(...),))`."""

from dataclasses import dataclass
from typing import Any

from openprm.promises.rules.targets import Target, Unit

__all__ = ["PromiseKind", "Target", "Unit"]


@dataclass(frozen=True, kw_only=True)
class PromiseKind:
    """One promise that one side owes the other, and the time it takes when nobody publishes another.

    Names may hold `%(target)s`, which becomes the time in force in words: "Answer deals in %(target)s".
    `vendor_url` and `partner_url` name the pages of the subject; they are reversed with the subject's id alone.
    """

    code: str
    vendor_name: Any
    partner_name: Any
    default_target: Target
    owed_by: str = "vendor"
    about: Any = ""
    vendor_url: str = ""
    partner_url: str = ""
    order: int = 100

    def name_for(self, side: str) -> Any:
        return self.partner_name if side == "partner" else self.vendor_name
