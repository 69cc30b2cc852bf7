"""What rooms beside and above tell action plans: the things that a plan can hang on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from openprm.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a plan is for, as one actor sees it: a registration, an engagement.

    `partner_ids` are the partners that may hold a plan with the vendor on it; each holds its own.
    `owner_ids` name who is asked first on either side ("vendor", "partner").
    """

    id: UUID
    number: str
    title: str
    customer: str
    partner_ids: tuple[UUID, ...]
    close_date: date | None
    is_open: bool
    account_id: UUID | None = None
    program_id: UUID | None = None
    owner_ids: Mapping[str, UUID | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectKind:
    """For the port "actionplans.subjects": `find(actor, subject_id)` gives the subject, or None when this actor may not know of it."""

    code: str
    find: Callable[[Actor, UUID], Subject | None]
