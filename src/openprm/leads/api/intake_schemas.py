"""What goes in and out of intake over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from openprm.kernel.api import Country, Currency, In, Out, PageQuery
from openprm.leads import queries

AT_ONCE = 200
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
GroundName = Literal["double_opt_in", "opt_in", "existing_customer", "legitimate_interest", "none"]


class ConsentIn(In):
    """On which ground the person may be written to. A spoken consent carries its words, their version and the moment."""

    ground: GroundName = Field(examples=["opt_in"])
    text: Words = Field("", examples=["A partner may call me about my request."])
    text_version: Annotated[str, StringConstraints(max_length=80)] = Field("", examples=["2026-03"])
    given_at: AwareDatetime | None = Field(None, examples=["2026-11-20T09:30:00Z"])
    network_address: Annotated[str, StringConstraints(max_length=45)] = ""
    source: Short = Field("", description="Where the ground is written down.", examples=["Hannover fair 2026"])
    may_share: bool = Field(True, description="Whether a partner may get the data. A lead without it is kept for your own marketing.")


class LeadIn(In):
    company_name: Short = Field(examples=["Kallio Oy"])
    company_domain: Annotated[str, StringConstraints(max_length=253)] = Field("", examples=["kallio.example"])
    country: Country = Field("", description="Of the person: it says which consent the law asks for.", examples=["FI"])
    region: Annotated[str, StringConstraints(max_length=80)] = ""
    city: Annotated[str, StringConstraints(max_length=120)] = ""
    postal_code: Annotated[str, StringConstraints(max_length=20)] = ""
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    contact_name: Annotated[str, StringConstraints(max_length=120)] = Field("", examples=["Anna Virtanen"])
    contact_email: Annotated[str, StringConstraints(max_length=254)] = Field("", examples=["anna@kallio.example"])
    contact_phone: Annotated[str, StringConstraints(max_length=40)] = ""
    contact_title: Annotated[str, StringConstraints(max_length=120)] = ""
    title: Annotated[str, StringConstraints(max_length=160)] = ""
    message: Words = ""
    industry: Annotated[str, StringConstraints(max_length=40)] = ""
    employees: int | None = Field(None, ge=0, le=10_000_000)
    product_line_id: UUID | None = None
    skills: list[Annotated[str, StringConstraints(max_length=40)]] = Field(default_factory=list, max_length=20)
    amount_minor: int | None = Field(None, ge=0, le=10**13)
    currency: Currency = "EUR"
    grade: Literal["", "A", "B", "C", "D"] = Field("", description="Computed from the points when left out.")
    language: Annotated[str, StringConstraints(max_length=8)] = ""
    campaign: Annotated[str, StringConstraints(max_length=120)] = ""
    external_source: Annotated[str, StringConstraints(max_length=60)] = Field("", examples=["salesforce"])
    external_id: Annotated[str, StringConstraints(max_length=120)] = Field("", examples=["00Q1"])
    score: int | None = Field(None, ge=0, le=100, description="Points of your own; computed by the published rule when left out.")
    consent: ConsentIn | None = None


class NewLeadIn(LeadIn):
    route: bool = Field(True, description="Offer it at once to whom the rules choose.")


class LeadsIn(In):
    leads: list[LeadIn] = Field(min_length=1, max_length=AT_ONCE)
    route: bool = True


class TakenInOut(Out):
    """`was_known`: it joined an earlier lead. `withdraw_url` is the link by which the person takes its consent back."""

    lead_id: UUID
    number: str
    status: str
    was_known: bool
    points: int
    grade: str
    consent_needed: str
    consent_clause: str
    withdraw_url: str


class ProblemLine(Out):
    field: str
    code: str
    message: str


class BulkLine(Out):
    place: int
    outcome: Literal["created", "known", "refused"]
    lead: TakenInOut | None
    message: str
    errors: list[ProblemLine]


class BulkOut(Out):
    created: int
    known: int
    refused: int
    results: list[BulkLine]


class FormFieldIn(In):
    """A known field by its name, or a question of your own by its label."""

    name: Annotated[str, StringConstraints(max_length=40)] = Field("", examples=["contact_phone"])
    required: bool = False
    label: Annotated[str, StringConstraints(max_length=120)] = ""
    choices: list[Annotated[str, StringConstraints(max_length=80)]] = Field(default_factory=list, max_length=12)


class FormIn(In):
    name: Annotated[str, StringConstraints(max_length=120)] = Field(examples=["Contact form"])
    title: Annotated[str, StringConstraints(max_length=120)] = Field(examples=["Talk to an expert near you"])
    consent_text: Annotated[str, StringConstraints(max_length=2000)] = Field(examples=["You and one of your partners may call me about my request."])
    intro: Annotated[str, StringConstraints(max_length=1000)] = ""
    points: list[Annotated[str, StringConstraints(max_length=160)]] = Field(default_factory=list, max_length=5)
    fields: list[FormFieldIn] = Field(default_factory=list, max_length=20)
    product_lines: list[UUID] = Field(default_factory=list, max_length=40)
    button: Annotated[str, StringConstraints(max_length=60)] = ""
    asks_confirmation: bool = True
    thanks_title: Annotated[str, StringConstraints(max_length=120)] = ""
    thanks_text: Annotated[str, StringConstraints(max_length=1000)] = ""
    program_id: UUID | None = None
    campaign: Annotated[str, StringConstraints(max_length=120)] = ""
    is_open: bool = True
    allowed_origins: list[Annotated[str, StringConstraints(max_length=253)]] = Field(default_factory=list, max_length=20)
    theme: Literal["auto", "light", "dark"] = "auto"


class NewFormIn(FormIn):
    code: Annotated[str, StringConstraints(max_length=60)] = Field(examples=["contact-us"])


class FormFieldOut(Out):
    name: str
    required: bool
    label: str
    choices: list[str]


class FormOut(Out):
    id: UUID
    code: str
    name: str
    version: int
    number: int
    text_version: str
    title: str
    intro: str
    points: list[str]
    fields: list[FormFieldOut]
    product_lines: list[UUID]
    button: str
    consent_text: str
    asks_confirmation: bool
    thanks_title: str
    thanks_text: str
    program_id: UUID | None
    campaign: str
    is_open: bool
    allowed_origins: list[str]
    theme: str
    published_at: datetime


class FormRowOut(Out):
    id: UUID
    code: str
    name: str
    title: str
    number: int
    is_open: bool
    sent: int
    taken_in: int
    waiting: int


class SourceOut(Out):
    id: UUID
    code: str
    name: str
    is_active: bool
    version: int
    events: int
    refused: int
    last_at: datetime | None


class NewSourceIn(In):
    code: Annotated[str, StringConstraints(max_length=60)] = Field(examples=["salesforce"])
    name: Annotated[str, StringConstraints(max_length=120)] = Field(examples=["Salesforce"])


class ReferIn(LeadIn):
    target_id: UUID | None = Field(None, description="Who should get it: needed from the vendor; a partner names one of the public directory, or none.")
    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class ReferralQuery(PageQuery):
    state: Literal["waiting", "taken_up", "declined", "known"] | None = None


class ReferralOut(Out):
    """`outcome`: waiting, known, declined, routing, offered, working, won or lost. The vendor also reads who holds the lead."""

    id: UUID
    number: str
    direction: str
    state: str
    outcome: str
    company_name: str
    country: str
    target: str
    note: str
    answer: str
    referred_at: datetime
    answered_at: datetime | None
    due_at: datetime | None
    version: int | None = None
    referrer: str | None = None
    holder: str | None = None
    lead_id: UUID | None = None


class TakeUpIn(In):
    to_target: bool = Field(False, description="Offer it to the partner that was named; else the rules route it.")


class DeclineIn(In):
    reason: Annotated[str, StringConstraints(max_length=1000)]


class FairnessQuery(In):
    days: int = Field(queries.DEFAULT_DAYS, ge=7, le=1100)
    measure: Literal["value", "leads"] = "value"


class GiniOut(Out):
    value: float
    low: float
    high: float


class PointOut(Out):
    partners: float
    value: float


class GroupOut(Out):
    name: str
    partners: int
    capacity_share: float
    offered_share: float
    ratio: float | None
    offers: int
    offered_minor: int
    accepted: int
    accepted_minor: int
    won: int
    won_minor: int


class FairnessOut(Out):
    """The vendor reads groups; a partner its own place (`rank`, `share`) among all. `neutral` is what capacity alone would give."""

    since: datetime
    until: datetime
    measure: str
    currency: str
    partners: int
    confidence: str
    gini: GiniOut
    neutral: GiniOut
    curve: list[PointOut]
    offers: int | None = None
    by_size: list[GroupOut] = []
    by_region: list[GroupOut] = []
    by_tier: list[GroupOut] = []
    rank: int | None = None
    share: float | None = None
    expected_share: float | None = None
