"""What the API of agreements takes and gives."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.agreements.rules.canonical import LONGEST_TEXT
from openprm.kernel.api import In, Out, PageQuery

Kind = Literal["charter", "partner_agreement", "rules_of_engagement", "data_processing", "other"]
Action = Literal["deals", "leads", "funds", "payouts"]
SignerRole = Literal["partner_admin", "partner_sales", "partner_marketer", "partner_technical"]
AcceptanceStatus = Literal["sent", "declined", "accepted", "superseded", "expired"]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,38}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Position = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Body = Annotated[str, StringConstraints(max_length=LONGEST_TEXT + 20_000)]
Days = Annotated[int, Field(ge=0, le=365)]
Coordinate = Annotated[int, Field(ge=0, le=600)]


class DocumentIn(In):
    title: Title = Field(examples=["Partner charter"])
    kind: Kind = "partner_agreement"
    own_kind: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    program_id: UUID | None = Field(None, description="For partners of this program only; null for all.")
    notice_days: Days = 30
    needs_signature: bool = True
    needs_countersignature: bool = False
    is_public: bool = False
    signer_roles: list[SignerRole] = Field(["partner_admin"], min_length=1, max_length=4)


class NewDocumentIn(DocumentIn):
    code: Code = Field(examples=["partner-charter"])


class DraftIn(In):
    title: Title
    text: Body = Field(description="Markdown. Raw HTML is shown as text.")


class PublishIn(In):
    effective_at: datetime | None = Field(None, description="Not before the end of the notice; the first possible moment when left out.")
    needs_reacceptance: bool = True
    blocks: list[Action] = Field(default_factory=list, max_length=4, description="What closes for a partner that has not signed in time.")
    grace_days: Annotated[int, Field(ge=0, le=180)] = 14
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class SignIn(In):
    """A signature of the person who calls. Programs with a token cannot sign."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(description="The hash of the text that was read.")
    name: Name
    title: Position = ""
    strokes: list[Annotated[list[Annotated[list[Coordinate], Field(min_length=2, max_length=2)]], Field(max_length=4_000)]] = Field(
        default_factory=list, max_length=80, description="A drawn signature: strokes of [x, y] points in a box of 600 by 200."
    )
    confirm: bool = Field(description="That the person has read the text and may sign for the company.")


class DeclineIn(In):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class CountersignIn(In):
    name: Name
    title: Position = ""


class SignatoryIn(In):
    user_id: UUID


class AcceptanceQuery(PageQuery):
    status: AcceptanceStatus | None = None
    document_id: UUID | None = None
    partner_id: UUID | None = None
    overdue: bool | None = None


class VersionOut(Out):
    id: UUID
    document_id: UUID
    number: int | None
    title: str
    standing: str = Field(description="draft, announced, in_force, superseded or withdrawn.")
    sha256: str
    note: str
    effective_at: datetime | None
    ends_at: datetime | None
    published_at: datetime | None
    notice_days: int
    grace_days: int
    needs_reacceptance: bool
    blocks: list[str]
    revision: int


class DocumentOut(Out):
    id: UUID
    code: str
    title: str
    kind: str
    own_kind: str
    program_id: UUID | None
    notice_days: int
    needs_signature: bool
    needs_countersignature: bool
    is_public: bool
    signer_roles: list[str]
    retired_at: datetime | None
    versions: list[VersionOut]
    version: int
    created_at: datetime


class PieceOut(Out):
    kind: Literal["same", "ins", "del"]
    text: str


class PassageOut(Out):
    """A paragraph of the comparison; `folded` stands for `count` paragraphs that stayed."""

    shape: str
    pieces: list[PieceOut]
    count: int


class ChangesOut(Out):
    words_added: int
    words_removed: int
    passages: list[PassageOut]


class TextOut(Out):
    """A version to read, with what changed since `compared_with`."""

    line: VersionOut
    code: str
    text: str
    html: str
    compared_with: int | None
    changes: ChangesOut | None


class AcceptanceOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    document_id: UUID
    document: str
    version_id: UUID
    number: int
    status: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    signed_at: datetime | None
    signed_name: str
    countersigned_at: datetime | None
    decline_reason: str
    created_at: datetime


class SignatureOut(Out):
    name: str
    title: str
    company: str
    account: str
    at: datetime
    ip_address: str
    user_agent: str
    fingerprint: str
    event_id: UUID | None


class AcceptanceDetailOut(Out):
    id: UUID
    partner_id: UUID
    document_id: UUID
    code: str
    status: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    version: TextOut
    signature: SignatureOut | None
    decline_reason: str
    countersigned_at: datetime | None
    countersigned_name: str


class SignatoryOut(Out):
    id: UUID
    user_id: UUID
    name: str
    created_at: datetime
