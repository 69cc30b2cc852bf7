"""What the vendor assumes of a return on funds: in general, and for programs of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.funds.models import ReturnTerms
from openprm.kernel.actor import Actor
from openprm.partners import queries as partners

MARGIN, WINDOW = Decimal(70), 365
"""What is assumed until the vendor says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    program_id: UUID | None
    margin_percent: Decimal
    window_days: int
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramTerms:
    """What holds for a program; `is_own` False where the general assumptions do."""

    program_id: UUID | None
    name: str
    is_own: bool
    terms: Assumed


def assumptions() -> Mapping[UUID | None, Assumed]:
    """Every set of assumptions: under None the general one, which the product brings until the vendor sets it. In the vendor's scope."""
    found: dict[UUID | None, Assumed] = {None: Assumed(program_id=None, margin_percent=MARGIN, window_days=WINDOW, version=None)}
    for row in ReturnTerms.objects.all():
        found[row.program_id] = Assumed(program_id=row.program_id, margin_percent=row.margin_percent, window_days=row.window_days, version=row.version)
    return found


def assumed(program_id: UUID | None = None) -> Assumed:
    """What is assumed for a program: its own, or the general one. In the vendor's scope."""
    found = assumptions()
    return found.get(program_id) or found[None]


def program_terms(actor: Actor) -> tuple[ProgramTerms, ...]:
    """The general assumptions and those of every active program, as the vendor sets them."""
    found = assumptions()
    rows = [ProgramTerms(program_id=None, name=_("All programs"), is_own=True, terms=found[None])]
    for one in partners.programs(actor, active_only=True):
        rows.append(ProgramTerms(program_id=one.id, name=one.name, is_own=one.id in found, terms=found.get(one.id, found[None])))
    return tuple(rows)
