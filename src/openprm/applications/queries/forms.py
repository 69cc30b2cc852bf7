"""The forms of all programs, and the one that is being built."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count

from openprm.applications import policies, rules
from openprm.applications.models import Application, FormVersion, ProgramPage
from openprm.applications.queries.results import FormLine, FormView
from openprm.applications.rules import OPEN
from openprm.applications.words import default_fields
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.partners import queries as partners
from openprm.recruitment.rules import FACT

State = FormVersion.State
ASKED_ANYWAY = frozenset({"country", "type"})


def forms(actor: Actor) -> list[FormLine]:
    """Every program with its form and its page. Five queries."""
    rows = list(policies.reach_forms(actor).exclude(state=State.SUPERSEDED))
    published = {row.program_id: row for row in rows if row.state == State.PUBLISHED}
    drafts = {row.program_id for row in rows if row.state == State.DRAFT}
    pages = {page.program_id: page for page in ProgramPage.objects.all()}
    waiting = dict(Application.objects.filter(state__in=OPEN).order_by().values_list("program").annotate(Count("pk")))
    found = []
    for program in partners.programs(actor):
        form, page = published.get(program.id), pages.get(program.id) or ProgramPage()
        found.append(
            FormLine(
                program_id=program.id,
                program_name=program.name,
                program_code=program.code,
                number=form.number if form else None,
                questions=len(form.fields) if form else len(default_fields()),
                published_at=form.published_at if form else None,
                has_draft=program.id in drafts,
                is_public=page.is_public and program.is_active and bool(program.tiers),
                is_open=page.is_open,
                is_active=program.is_active,
                waiting=waiting.get(program.id, 0),
            )
        )
    return found


def form(actor: Actor, program_id: UUID, at: datetime) -> FormView:
    """The draft of a program's form, or what is published. Raises NotFound."""
    program = partners.program(actor, program_id)
    rows = list(policies.reach_forms(actor).filter(program=program_id).exclude(state=State.SUPERSEDED))
    draft = next((row for row in rows if row.state == State.DRAFT), None)
    published = next((row for row in rows if row.state == State.PUBLISHED), None)
    shown = draft or published
    fields = rules.fields_of(shown.fields) if shown else default_fields()
    asked = {field.fact for field in fields} | ASKED_ANYWAY
    return FormView(
        program_id=program.id,
        program_name=program.name,
        program_code=program.code,
        number=shown.number if shown else 1,
        version=draft.version if draft else 0,
        is_draft=draft is not None,
        published_number=published.number if published else None,
        published_at=published.published_at if published else None,
        intro=shown.intro if shown else "",
        pages=rules.pages_of(fields),
        fields=tuple(fields),
        facts_missing=tuple(name for name in FACT if name not in asked),
        running=Application.objects.filter(program=program_id).exclude(form=published).filter(state__in=["draft", "unconfirmed", "returned"]).count()
        if published
        else 0,
    )


def field_of_form(view: FormView, code: str) -> rules.Field:
    """A question of a form. Raises NotFound."""
    found = next((field for field in view.fields if field.code == code), None)
    if found is None:
        raise NotFound()
    return found
