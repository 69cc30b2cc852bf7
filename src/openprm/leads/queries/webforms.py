"""Web forms as the vendor manages them and as a stranger sees them, and the systems that send events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, Subquery

from openprm.deals import queries as deals
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import system_scope
from openprm.leads import intake_policies as policies
from openprm.leads.models import EventSource, SourceEvent, Submission, WebForm, WebFormVersion
from openprm.leads.rules import webform as rules
from openprm.leads.rules.webform import FormField


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One form with what came of it in the last 30 days."""

    id: UUID
    code: str
    name: str
    title: str
    program: str
    number: int
    is_open: bool
    allowed_origins: tuple[str, ...]
    version: int
    sent: int
    taken_in: int
    waiting: int
    last_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """One form with the version that is shown now."""

    id: UUID
    code: str
    name: str
    program_id: UUID | None
    campaign: str
    is_open: bool
    allowed_origins: tuple[str, ...]
    theme: str
    version: int
    number: int
    title: str
    intro: str
    points: tuple[str, ...]
    fields: tuple[FormField, ...]
    product_lines: tuple[UUID, ...]
    button: str
    consent_text: str
    text_version: str
    asks_confirmation: bool
    thanks_title: str
    thanks_text: str
    published_at: datetime
    history: tuple[tuple[int, datetime, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicForm:
    """A form as a stranger sees it: nothing of who may send it or what came in."""

    code: str
    title: str
    intro: str
    points: tuple[str, ...]
    fields: tuple[FormField, ...]
    product_lines: tuple[tuple[str, str], ...]
    button: str
    consent_text: str
    theme: str
    thanks_title: str
    thanks_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    event_id: str
    kind: str
    received_at: datetime
    outcome: str
    message: str
    lead_id: UUID | None
    lead_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A system that sends events. Its secret is shown on its own page, to whoever may manage it."""

    id: UUID
    code: str
    name: str
    is_active: bool
    rotated_at: datetime | None
    version: int
    created_at: datetime
    events: int = 0
    refused: int = 0
    last_at: datetime | None = None
    recent: tuple[EventRow, ...] = ()


def forms(actor: Actor, at: datetime) -> tuple[FormRow, ...]:
    """Every form, the open ones first. Two queries."""
    title = WebFormVersion.objects.filter(form=OuterRef("pk"), number=OuterRef("current_number")).values("title")[:1]
    rows = policies.reach_forms(actor).select_related("program").annotate(title=Subquery(title)).order_by("-is_open", "name")
    counts = _counts(at)
    return tuple(_form_row(row, counts.get(row.pk, {})) for row in rows)


def form(actor: Actor, form_id: UUID) -> FormView:
    """One form. Raises NotFound. Two queries."""
    row = policies.reach_forms(actor).one(form_id)
    versions = list(WebFormVersion.objects.select_related("published_by").filter(form=row).order_by("-number"))
    shown = next(one for one in versions if one.number == row.current_number)
    return FormView(
        id=row.pk,
        code=row.code,
        name=row.name,
        program_id=row.program_id,
        campaign=row.campaign,
        is_open=row.is_open,
        allowed_origins=tuple(row.allowed_origins),
        theme=row.theme,
        version=row.version,
        number=shown.number,
        title=shown.title,
        intro=shown.intro,
        points=tuple(shown.points),
        fields=tuple(rules.field_of(one) for one in shown.fields),
        product_lines=tuple(shown.product_lines),
        button=shown.button,
        consent_text=shown.consent_text,
        text_version=f"{row.code}/{shown.number}",
        asks_confirmation=shown.asks_confirmation,
        thanks_title=shown.thanks_title,
        thanks_text=shown.thanks_text,
        published_at=shown.published_at,
        history=tuple((one.number, one.published_at, one.published_by.name if one.published_by else "") for one in versions),
    )


def public_form(code: str) -> PublicForm:
    """A form for everybody. Raises NotFound, also for one that is closed."""
    with system_scope():
        row = WebForm.objects.filter(code=str(code)[:60], is_open=True).first()
        if row is None:
            raise NotFound()
        shown = WebFormVersion.objects.get(form=row, number=row.current_number)
        wanted = {str(one) for one in shown.product_lines}
        lines = tuple((str(line.id), line.name) for line in deals.product_lines(SYSTEM) if str(line.id) in wanted)
    fields = tuple(field for field in rules.fields_of(shown.fields) if lines or field.name != "product_line_id")
    return PublicForm(
        code=row.code,
        title=shown.title,
        intro=shown.intro,
        points=tuple(shown.points),
        fields=fields,
        product_lines=lines,
        button=shown.button,
        consent_text=shown.consent_text,
        theme=row.theme,
        thanks_title=shown.thanks_title,
        thanks_text=shown.thanks_text,
    )


def may_send_from(code: str, origin: str) -> bool:
    """Whether pages of this origin may send an open form."""
    with system_scope():
        return WebForm.objects.filter(code=str(code)[:60], is_open=True, allowed_origins__contains=[origin]).exists()


def code_of_submission(submission_id: UUID) -> str:
    with system_scope():
        return Submission.objects.values_list("form_version__form__code", flat=True).get(pk=submission_id)


def sources(actor: Actor) -> tuple[SourceView, ...]:
    rows = policies.reach_sources(actor).annotate(
        count=Count("events"), refused=Count("events", filter=Q(events__outcome="refused")), last_at=Max("events__received_at")
    )
    return tuple(_source(row, row.count, row.refused, row.last_at) for row in rows.order_by("name"))


def source(actor: Actor, source_id: UUID) -> SourceView:
    """One sending system with its last 50 events. Raises NotFound."""
    row = policies.reach_sources(actor).one(source_id)
    recent = tuple(_event(one) for one in SourceEvent.objects.select_related("lead").filter(source=row).order_by("-received_at")[:50])
    return _source(row, len(recent), sum(one.outcome == "refused" for one in recent), recent[0].received_at if recent else None, recent)


def _counts(at: datetime) -> dict[UUID, dict]:
    since = at - timedelta(days=30)
    rows = (
        Submission.objects.filter(submitted_at__gte=since)
        .values("form_version__form")
        .annotate(
            sent=Count("id"), taken_in=Count("id", filter=Q(state="taken_in")), waiting=Count("id", filter=Q(state="pending")), last_at=Max("submitted_at")
        )
    )
    return {row["form_version__form"]: row for row in rows}


def _form_row(row: WebForm, counts: dict) -> FormRow:
    return FormRow(
        id=row.pk,
        code=row.code,
        name=row.name,
        title=row.title,
        program=row.program.name if row.program else "",
        number=row.current_number,
        is_open=row.is_open,
        allowed_origins=tuple(row.allowed_origins),
        version=row.version,
        sent=counts.get("sent", 0),
        taken_in=counts.get("taken_in", 0),
        waiting=counts.get("waiting", 0),
        last_at=counts.get("last_at"),
        created_at=row.created_at,
    )


def _source(row: EventSource, events: int, refused: int, last_at: datetime | None, recent: tuple[EventRow, ...] = ()) -> SourceView:
    return SourceView(
        id=row.pk,
        code=row.code,
        name=row.name,
        is_active=row.is_active,
        rotated_at=row.rotated_at,
        version=row.version,
        created_at=row.created_at,
        events=events,
        refused=refused,
        last_at=last_at,
        recent=recent,
    )


def _event(row: SourceEvent) -> EventRow:
    return EventRow(
        event_id=row.event_id,
        kind=row.kind,
        received_at=row.received_at,
        outcome=row.outcome,
        message=row.message,
        lead_id=row.lead_id,
        lead_number=row.lead.number if row.lead else "",
    )
