"""Writing questionnaires: a draft is a copy of what is asked today, edited question by question, then published whole."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.compliance import policies
from openprm.compliance.models import Questionnaire, QuestionnaireVersion
from openprm.compliance.rules import questions
from openprm.compliance.rules.questions import Question
from openprm.compliance.services.unit import choice, load, text
from openprm.compliance.wording import FLAW
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, refuse_if, refused_by

State = QuestionnaireVersion.State


@transaction.atomic
def create_questionnaire(*, actor: Actor, code: str, title: str, purpose: str, at: datetime) -> UUID:
    """A new questionnaire with an empty draft; gives the draft. Raises NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_configure(actor))
    code = text("code", code, longest=40).lower()
    if not questions.CODE.fullmatch(code.replace("-", "_")):
        raise Invalid(_("A code is lower-case letters, digits and hyphens, for example supplier-check."), field="code")
    if Questionnaire.objects.filter(code=code).exists():
        raise Conflict(_("There is a questionnaire with this code."), field="code")
    made = Questionnaire.objects.create(code=code, title=text("title", title, longest=120), purpose=choice("purpose", purpose, Questionnaire.Purpose.values))
    draft = QuestionnaireVersion.objects.create(questionnaire=made, number=1)
    audit.record(actor, "compliance.questionnaire_created", made, at=at)
    return draft.pk


@transaction.atomic
def start_draft(*, actor: Actor, questionnaire_id: UUID, at: datetime) -> UUID:
    """Begin a draft as a copy of what is asked today; one that is there goes on. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_configure(actor))
    questionnaire = Questionnaire.objects.locked().one(questionnaire_id)
    versions = QuestionnaireVersion.objects.filter(questionnaire=questionnaire).order_by("-number")
    if draft := versions.filter(state=State.DRAFT).first():
        return draft.pk
    last = versions.first()
    return QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=last.number + 1 if last else 1, intro=last.intro if last else "", questions=last.questions if last else []
    ).pk


def set_intro(*, actor: Actor, draft_id: UUID, intro: str, version: int | None = None, at: datetime) -> None:
    """What the partner reads above the questions. Raises NotFound, NotAllowed, Invalid, Stale."""
    draft = _draft(actor, draft_id, version)
    draft.intro = text("intro", intro, longest=2000, required=False, lines=True)
    _keep(draft, _asked(draft))


def put_question(*, actor: Actor, draft_id: UUID, values: Mapping[str, Any], question_id: str = "", version: int | None = None, at: datetime) -> str:
    """Add a question at the end, or change the one with this id; gives its id. Raises NotFound, NotAllowed, Invalid, Stale."""
    draft = _draft(actor, draft_id, version)
    asked = _asked(draft)
    question = _question(values, question_id or _new_id(values.get("text", ""), {one.id for one in asked}))
    if not question_id and len(asked) >= questions.MOST_QUESTIONS:
        raise Conflict(_("A questionnaire has at most %(most)d questions.") % {"most": questions.MOST_QUESTIONS})
    if question_id and question_id not in {one.id for one in asked}:
        raise NotFound()
    _keep(draft, [question if one.id == question_id else one for one in asked] if question_id else [*asked, question])
    return question.id


def _question(values: Mapping[str, Any], question_id: str) -> Question:
    kind = choice("type", values.get("type"), questions.TYPES)
    options = questions.read_options(str(values.get("options") or "")) if kind in questions.WITH_OPTIONS else ()
    if kind == "yes_no":
        options = _yes_no(options)
    question = Question(
        id=question_id,
        text=text("text", values.get("text"), longest=500),
        type=kind,
        help=text("help", values.get("help"), longest=500, required=False),
        required=bool(values.get("required")),
        category=choice("category", values.get("category") or "company", questions.CATEGORIES),
        weight=int(values.get("weight") if values.get("weight") is not None else 1),
        tells=choice("tells", values.get("tells") or "", ("", *questions.FACTS)),
        options=options,
    )
    if flaws := questions.flaws(question):
        raise Invalid(problems=[Problem(flaw.field, str(FLAW.get((flaw.field, flaw.code), _("This cannot be used."))), flaw.code) for flaw in flaws])
    return question


def _yes_no(options: tuple[questions.Option, ...]) -> tuple[questions.Option, ...]:
    """Both answers stand; what was written about one of them (points, red) is kept."""
    written = {option.value: option for option in options}
    labels = {"yes": str(_("Yes")), "no": str(_("No"))}
    return tuple(replace(written.get(value, questions.Option(value=value, label=label)), label=label) for value, label in labels.items())


def _new_id(words: Any, taken: set[str]) -> str:
    base = questions.slug(str(words))[:30].strip("_") or "question"
    base = base if base[0].isalpha() else f"q_{base}"
    return next(one for one in (base, *(f"{base}_{number}" for number in range(2, 999))) if one not in taken)


def move_question(*, actor: Actor, draft_id: UUID, question_id: str, up: bool, at: datetime) -> None:
    """One place up or down. Raises NotFound, NotAllowed."""
    draft = _draft(actor, draft_id)
    asked = _asked(draft)
    place = _place(asked, question_id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(asked):
        asked[place], asked[other] = asked[other], asked[place]
        _keep(draft, asked)


def remove_question(*, actor: Actor, draft_id: UUID, question_id: str, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    draft = _draft(actor, draft_id)
    asked = _asked(draft)
    asked.pop(_place(asked, question_id))
    _keep(draft, asked)


def _place(asked: list[Question], question_id: str) -> int:
    place = next((place for place, one in enumerate(asked) if one.id == question_id), None)
    if place is None:
        raise NotFound(_("There is no such question in this draft."))
    return place


@transaction.atomic
def publish_draft(*, actor: Actor, draft_id: UUID, version: int | None = None, at: datetime) -> int:
    """Ask this from now on; replies under way keep their version. Gives its number. Raises NotFound, NotAllowed, Conflict, Stale."""
    draft = _draft(actor, draft_id, version)
    if not draft.questions:
        raise Conflict(_("A questionnaire without questions cannot be published."))
    QuestionnaireVersion.objects.filter(questionnaire=draft.questionnaire_id, state=State.PUBLISHED).update(state=State.RETIRED)
    draft.sha256 = hashlib.sha256(json.dumps(draft.questions, sort_keys=True).encode()).hexdigest()
    draft.state, draft.published_at, draft.published_by_id = State.PUBLISHED, at, actor.user_id
    with refused_by("one_published_questionnaire_version", Conflict(_("Somebody published another version just now. Reload the page."))):
        draft.save()
    data = {"questionnaire": str(draft.questionnaire), "number": draft.number, "sha256": draft.sha256}
    audit.record(actor, "compliance.questionnaire_published", draft, after={}, data=data, at=at)
    return draft.number


@transaction.atomic
def discard_draft(*, actor: Actor, draft_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    draft = _draft(actor, draft_id)
    audit.record(actor, "compliance.questionnaire_discarded", draft, after={}, at=at)
    draft.delete()


def _draft(actor: Actor, draft_id: UUID, version: int | None = None) -> Any:
    refuse_if(policies.why_not_configure(actor))
    return load(QuestionnaireVersion.objects.filter(state=State.DRAFT).select_related("questionnaire"), draft_id, version)


def _asked(draft: QuestionnaireVersion) -> list[Question]:
    return list(questions.read(draft.questions))


def _keep(draft: QuestionnaireVersion, asked: list[Question]) -> None:
    draft.questions = [one.plain() for one in asked]
    draft.version += 1
    draft.save(update_fields=["questions", "intro", "version", "updated_at"])
