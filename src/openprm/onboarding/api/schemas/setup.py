"""Plan templates and welcome kits."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Out
from openprm.onboarding.api.schemas.fields import Key, Name, Short
from openprm.onboarding.api.schemas.plans import TaskOut


class VersionOut(Out):
    id: UUID
    number: int
    state: str
    notice: str
    published_at: datetime | None
    plans: int
    lock: int
    content: dict[str, Any]

    @staticmethod
    def resolve_content(row: Any) -> dict[str, Any]:
        from openprm.onboarding.rules.content import to_json

        return to_json(row.content)


class TemplateOut(Out):
    id: UUID
    code: str
    name: str
    about: str
    program_id: UUID | None
    motion: str
    type: str
    countries: list[str]
    is_automatic: bool
    is_active: bool
    in_use: VersionOut | None
    draft: VersionOut | None
    running: int
    version: int
    created_at: datetime


class NewTemplateIn(In):
    name: Name
    copy_of: UUID | None = None


class TemplateIn(In):
    name: Name
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    program_id: UUID | None = None
    motion: Literal["", "influence", "transact", "solution", "retain"] = ""
    type: Literal["", "reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant"] = ""
    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list, max_length=60)
    is_automatic: bool = True
    is_active: bool = True


class WaysIn(In):
    sequential: bool = True
    may_skip: bool = True
    stuck_days: int = Field(14, ge=3, le=120)


class LevelIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)] = ""
    badge: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    benefit: Short = ""
    key: Key | None = Field(None, description="The level to change; a new one when left out.")


class TaskIn(In):
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)] = ""
    kind: Literal["do", "upload", "fill", "milestone"] = "do"
    side: Literal["partner", "vendor"] = "partner"
    role: Annotated[str, StringConstraints(max_length=30)] = ""
    offset_days: int = Field(30, ge=0, le=730)
    needs_evidence: bool = False
    milestone: Annotated[str, StringConstraints(max_length=80)] = ""
    link: Short = ""
    is_required: bool = True
    level_key: Key
    key: Key | None = Field(None, description="The task to change; a new one when left out.")


class KeyOut(Out):
    key: str


class ShiftIn(In):
    way: Literal["up", "down"]


class PublishIn(In):
    notice: Short = ""


class LinkIn(In):
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class ContactIn(In):
    user_id: UUID
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


class KitIn(In):
    title: Name
    message: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]
    logins: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    course_title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    course_about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    course_url: Short = ""
    links: list[LinkIn] = Field(default_factory=list, max_length=12)
    contacts: list[ContactIn] = Field(default_factory=list, max_length=6)
    is_active: bool = True


class KitOut(Out):
    """The kit of a program with its record. `opened` counts partners of whom a person opened the welcome page; mails are not tracked."""

    id: UUID | None
    program_id: UUID
    program_name: str
    title: str
    message: str
    logins: str
    course_title: str
    course_about: str
    course_url: str
    links: list[dict[str, str]]
    contacts: list[dict[str, str]]
    is_active: bool
    delivered: int
    opened: int
    version: int


class SendKitIn(In):
    partner_id: UUID


class WelcomeContactOut(Out):
    name: str
    email: str
    about: str


class WelcomeKitOut(Out):
    delivery_id: UUID
    program_name: str
    title: str
    paragraphs: list[str]
    contacts: list[WelcomeContactOut]
    logins: str
    course_title: str
    course_about: str
    course_url: str
    links: list[dict[str, str]]
    first_tasks: list[TaskOut]
    delivered_at: datetime
    is_new: bool
