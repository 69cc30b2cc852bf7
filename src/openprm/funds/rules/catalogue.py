"""What a pre-approved kind of activity promises before money is spent: how much, by when, where, for whom, and against which proofs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from openprm.kernel.money import Money

FORMATS = ("pdf", "png", "jpg", "docx", "xlsx", "pptx", "txt")
"""What a proof can be: what `kernel.files.sniff` finds in the content. Nothing goes by its name."""

MOST_PROOFS = 10
MOST_FILES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofTerms:
    """One proof that is asked for: at least `minimum` files in one of `formats`, dated as it says."""

    code: str
    name: str
    about: str = ""
    formats: tuple[str, ...] = FORMATS
    minimum: int = 1
    dated_within: bool = False
    max_age_days: int | None = None

    @property
    def needs_date(self) -> bool:
        return self.dated_within or self.max_age_days is not None

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code, "name": self.name, "about": self.about, "formats": list(self.formats), "minimum": self.minimum,
            "dated_within": self.dated_within, "max_age_days": self.max_age_days,
        }  # fmt: skip

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ProofTerms":
        return cls(**{**values, "formats": tuple(values["formats"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTerms:
    """All that judges a claim. A request keeps a copy: what was promised before the spend holds after it."""

    code: str
    name: str
    version: int
    max_percent: Decimal
    cap: Money | None = None
    claim_within_days: int = 60
    countries: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    partner_types: tuple[str, ...] = ()
    proofs: tuple[ProofTerms, ...] = ()

    def proof_name(self, code: str) -> str:
        """What a proof is called; its code when the terms ask for it no more."""
        return next((proof.name for proof in self.proofs if proof.code == code), code)

    def under(self, vendor_percent: int) -> "ActivityTerms":
        """The same promise paid out of a fund of which the vendor bears this share: the smaller of the two counts."""
        return replace(self, max_percent=min(self.max_percent, Decimal(vendor_percent)))

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code, "name": self.name, "version": self.version, "max_percent": str(self.max_percent),
            "cap": [self.cap.minor, self.cap.currency] if self.cap else None, "claim_within_days": self.claim_within_days,
            "countries": list(self.countries), "programs": list(self.programs), "tiers": list(self.tiers), "partner_types": list(self.partner_types),
            "proofs": [proof.as_json() for proof in self.proofs],
        }  # fmt: skip

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ActivityTerms":
        lists = {name: tuple(values[name]) for name in ("countries", "programs", "tiers", "partner_types")}
        return cls(
            code=values["code"],
            name=values["name"],
            version=values["version"],
            max_percent=Decimal(values["max_percent"]),
            cap=Money(*values["cap"]) if values["cap"] else None,
            claim_within_days=values["claim_within_days"],
            proofs=tuple(ProofTerms.from_json(proof) for proof in values["proofs"]),
            **lists,
        )


def why_not_usable(terms: ActivityTerms, *, country: str = "", program: str = "", tier: str = "", partner_type: str = "") -> str:
    """The first condition that keeps somebody from this kind: country, program, tier or partner_type; "" when it is open to it.

    A list that is empty is open to all. `tier` is a code of the program's own tiers.
    """
    asked = (("country", country, terms.countries), ("program", program, terms.programs), ("tier", tier, terms.tiers))
    for name, value, allowed in (*asked, ("partner_type", partner_type, terms.partner_types)):
        if allowed and value not in allowed:
            return name
    return ""
