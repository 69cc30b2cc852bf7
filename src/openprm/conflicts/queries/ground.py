"""What a reviewer decides on: the clauses that can be cited and what each finding would bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.conflicts import policies
from openprm.conflicts.models import ConflictCase
from openprm.conflicts.queries.clauses import Clause, citable
from openprm.conflicts.queries.outlook import Proposed, proposals
from openprm.conflicts.rules.lifecycle import Finding
from openprm.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    clauses: tuple[Clause, ...]
    brings: Mapping[str, tuple[Proposed, ...]]


def ground_of(actor: Actor, case_id: UUID, at: datetime) -> Ground:
    """Raises NotFound."""
    case: ConflictCase = policies.reach(actor).one(case_id)
    brings: dict[str, Any] = {str(finding): proposals(case, finding, at) for finding in Finding}
    return Ground(clauses=citable(case.program_id, case.opened_at), brings=brings)
