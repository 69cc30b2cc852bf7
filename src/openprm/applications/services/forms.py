"""The questions of a program: changed in a draft, published as a version, kept by the applications that began with it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.applications import policies, rules
from openprm.applications.models import FormVersion
from openprm.applications.rules import Choice, Field
from openprm.applications.words import CORE, CORE_CODES, NOT_A_FORM, default_fields
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale, refuse_if, refused_by
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.recruitment.rules import FACT

State = FormVersion.State


class NothingToPublish(Conflict):
    """There is no draft of this program's form."""


def form_in_force(program_id: UUID, at: datetime) -> FormVersion:
    """The published form of a program; a program that has none yet gets the usual questions as its first version."""
    with system_scope():
        found = FormVersion.objects.filter(program=program_id, state=State.PUBLISHED).first()
        return found or _first(program_id, at)


def _first(program_id: UUID, at: datetime) -> FormVersion:
    fields = [rules.written(field) for field in default_fields()]
    number = FormVersion.objects.filter(program=program_id).count() + 1
    made = FormVersion(program_id=program_id, number=number, state=State.PUBLISHED, fields=fields, published_at=at)
    with refused_by("one_published_form_per_program", Conflict(_("Somebody published the form just now. Reload the page."))):
        made.save()
    return made


@transaction.atomic
def draft_form(*, actor: Actor, program_id: UUID, at: datetime) -> UUID:
    """The draft of a program's form, begun from what is published if there is none. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_configure(actor))
    program = partners.program(actor, program_id)
    draft = FormVersion.objects.filter(program=program.id, state=State.DRAFT).first()
    if draft:
        return draft.pk
    standing = form_in_force(program.id, at)
    number = FormVersion.objects.filter(program=program.id).order_by("-number").values_list("number", flat=True)[0] + 1
    made = FormVersion(program_id=program.id, number=number, fields=standing.fields, intro=standing.intro)
    with refused_by("one_form_draft_per_program", Conflict(_("Somebody began a draft just now. Reload the page."))):
        made.save()
    audit.record(actor, "form.drafted", made, refs=(program.id,), at=at)
    return made.pk


@transaction.atomic
def save_field(*, actor: Actor, program_id: UUID, values: Mapping[str, Any], code: str = "", version: int | None = None, at: datetime) -> None:
    """Add a question, or change the one with `code`, in the draft. Raises NotFound, NotAllowed, Invalid, Stale."""
    field = read_field(values)

    def change(fields: list[Field]) -> list[Field]:
        if code and code not in {one.code for one in fields}:
            raise NotFound(_("This question is not in the draft any more."))
        _refuse_bad([field], taken=[*CORE_CODES, *(one.code for one in fields if one.code != code)])
        return [field if one.code == code else one for one in fields] if code else [*fields, field]

    _change(actor, program_id, change, version, at)


@transaction.atomic
def move_field(*, actor: Actor, program_id: UUID, code: str, by: int, version: int | None = None, at: datetime) -> None:
    """Move a question up (-1) or down (1), also across pages. Raises NotFound, NotAllowed, Stale."""

    def change(fields: list[Field]) -> list[Field]:
        place = _place(fields, code)
        other = place + (1 if by > 0 else -1)
        if not 0 <= other < len(fields):
            return fields
        moving, neighbour = fields[place], fields[other]
        if moving.page != neighbour.page:
            fields[place] = replace(moving, page=neighbour.page)
        else:
            fields[place], fields[other] = neighbour, moving
        return fields

    _change(actor, program_id, change, version, at)


@transaction.atomic
def remove_field(*, actor: Actor, program_id: UUID, code: str, version: int | None = None, at: datetime) -> None:
    """Take a question out of the draft; applications that answered it keep it. Raises NotFound, NotAllowed, Stale."""
    _change(actor, program_id, lambda fields: [field for place, field in enumerate(fields) if place != _place(fields, code)], version, at)


@transaction.atomic
def set_intro(*, actor: Actor, program_id: UUID, intro: str, at: datetime) -> None:
    """What stands above the first question. Raises NotFound, NotAllowed, Invalid."""
    refuse_if(policies.why_not_configure(actor))
    draft = _draft(actor, program_id, at)
    text = rules.plain_text(intro)
    if len(text) > 1000 or rules.has_markup(text):
        raise Invalid(_("Write plain text of at most 1,000 characters."), field="intro")
    draft.intro, draft.version = text, draft.version + 1
    draft.save(update_fields=["intro", "version", "updated_at"])


@transaction.atomic
def replace_fields(*, actor: Actor, program_id: UUID, rows: Iterable[Mapping[str, Any]], intro: str | None = None, at: datetime) -> UUID:
    """Put a whole list of questions into the draft; gives its id. Raises NotFound, NotAllowed, Invalid."""
    fields = [read_field(row) for row in rows]
    _refuse_bad(fields, taken=CORE_CODES)
    _change(actor, program_id, lambda _old: fields, None, at)
    if intro is not None:
        set_intro(actor=actor, program_id=program_id, intro=intro, at=at)
    return _draft(actor, program_id, at).pk


@transaction.atomic
def publish_form(*, actor: Actor, program_id: UUID, version: int | None = None, at: datetime) -> int:
    """Ask the draft's questions from now on; gives its number. Running applications keep theirs.

    Raises NotFound, NotAllowed, Stale, Invalid, NothingToPublish.
    """
    refuse_if(policies.why_not_configure(actor))
    draft = FormVersion.objects.filter(program=partners.program(actor, program_id).id, state=State.DRAFT).locked().first()
    if draft is None:
        raise NothingToPublish(_("There is no draft. Change a question first."))
    _refuse_stale(draft, version)
    _refuse_bad(rules.fields_of(draft.fields), taken=CORE_CODES)
    FormVersion.objects.filter(program=program_id, state=State.PUBLISHED).update(state=State.SUPERSEDED)
    draft.state, draft.published_at, draft.published_by_id = State.PUBLISHED, at, actor.user_id
    draft.save()
    audit.record(actor, "form.published", draft, after={}, refs=(program_id,), data={"number": draft.number, "questions": len(draft.fields)}, at=at)
    return draft.number


@transaction.atomic
def discard_draft(*, actor: Actor, program_id: UUID, at: datetime) -> None:
    """Throw the draft away; what is published goes on. Raises NotFound, NotAllowed, NothingToPublish."""
    refuse_if(policies.why_not_configure(actor))
    draft = FormVersion.objects.filter(program=partners.program(actor, program_id).id, state=State.DRAFT).locked().first()
    if draft is None:
        raise NothingToPublish(_("There is no draft."))
    audit.record(actor, "form.discarded", draft, after={}, refs=(program_id,), at=at)
    draft.delete()


def read_field(values: Mapping[str, Any]) -> Field:
    """A question as somebody describes it. Raises Invalid for text that is none."""
    texts = {name: _plain(name, values.get(name, "")) for name in ("code", "kind", "label", "help", "page", "fact", "currency")}
    return Field(
        **{**texts, "code": texts["code"].lower(), "currency": texts["currency"].upper(), "page": texts["page"] or _("More")},
        required=bool(values.get("required")),
        choices=_choices(values.get("choices", ())),
        least=_whole("least", values.get("least")),
        most=_whole("most", values.get("most")),
    )


LONGEST = {"code": 40, "kind": 20, "label": 200, "help": 300, "page": 60, "fact": 60, "currency": 3}


def _plain(name: str, value: Any) -> str:
    text = rules.one_line(str(value or ""))
    if len(text) > LONGEST[name] or rules.has_markup(text):
        raise Invalid(_("Write plain text of at most %(longest)d characters.") % {"longest": LONGEST[name]}, field=name)
    return text


def _choices(given: Any) -> tuple[Choice, ...]:
    """Answers to choose from: lines of "value = Label", or pairs."""
    rows = [line for line in str(given).splitlines() if line.strip()] if isinstance(given, str) else list(given)
    if len(rows) > 60:
        raise Invalid(_("Offer at most 60 answers."), field="choices")
    return tuple(_one_choice(row) for row in rows)


def _one_choice(row: Any) -> Choice:
    if isinstance(row, str):
        value, _equals, label = row.partition("=")
    else:
        value, label = (row["value"], row.get("label", "")) if isinstance(row, Mapping) else (row.value, row.label)
    value, label = rules.one_line(str(value)), rules.one_line(str(label))
    if not value or max(len(value), len(label)) > 80 or rules.has_markup(value + label):
        raise Invalid(_("Write each answer in a line of its own, at most 80 characters."), field="choices")
    return Choice(value.lower() if not label else value, label or value)


def _whole(name: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Invalid(_("Write a whole number."), field=name) from None


def _draft(actor: Actor, program_id: UUID, at: datetime) -> FormVersion:
    return FormVersion.objects.locked().one(draft_form(actor=actor, program_id=program_id, at=at))


def _change(actor: Actor, program_id: UUID, change: Callable[[list[Field]], list[Field]], version: int | None, at: datetime) -> None:
    refuse_if(policies.why_not_configure(actor))
    draft = _draft(actor, program_id, at)
    _refuse_stale(draft, version)
    before = {"fields": [row["code"] for row in draft.fields]}
    draft.fields = [rules.written(field) for field in change(list(rules.fields_of(draft.fields)))]
    draft.version += 1
    draft.save(update_fields=["fields", "version", "updated_at"])
    audit.record(actor, "form.changed", draft, before=before, after={"fields": [row["code"] for row in draft.fields]}, refs=(program_id,), at=at)


def _place(fields: list[Field], code: str) -> int:
    place = next((place for place, field in enumerate(fields) if field.code == code), None)
    if place is None:
        raise NotFound(_("This question is not in the draft any more."))
    return place


def _refuse_stale(draft: FormVersion, version: int | None) -> None:
    if version is not None and version != draft.version:
        raise Stale()


WHERE = {
    "bad_code": "code", "code_twice": "code", "unknown_kind": "kind", "no_label": "label", "too_few_choices": "choices", "choice_twice": "choices",
    "unknown_fact": "fact", "no_currency": "currency", "least_above_most": "least",
}  # fmt: skip


def _refuse_bad(fields: Iterable[Field], *, taken: Iterable[str]) -> None:
    found = rules.problems_of_form(fields, facts=FACT, taken=taken)
    if found:
        raise Invalid(problems=[Problem(WHERE.get(one.code, "fields"), str(NOT_A_FORM[one.code]) % {"field": one.field}, one.code) for one in found])


def whole_form(form: FormVersion) -> tuple[Field, ...]:
    """The fixed questions about company and person, then the program's own."""
    return (*CORE, *rules.fields_of(form.fields))
