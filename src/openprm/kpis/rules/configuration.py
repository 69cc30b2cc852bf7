"""What a number depends on beside the rows: thresholds and assumptions, with one hash over all of them."""

import hashlib
import json
from dataclasses import asdict, dataclass
from decimal import Decimal

DEFINITIONS = 2
"""Raised whenever the meaning of a definition changes, so that kept numbers of either meaning can be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    currency: str = "EUR"
    margin_percent: Decimal = Decimal(70)
    activation_days: int = 90
    quiet_months: int = 12
    least_for_uplift: int = 30
    horizon_years: int = 5
    discount_percent: Decimal = Decimal(10)
    definitions: int = DEFINITIONS

    @property
    def hash(self) -> str:
        text = json.dumps({name: str(one) for name, one in asdict(self).items()}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
