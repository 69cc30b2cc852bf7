"""Web forms as the vendor makes them: what they show is a new version each time, who may send them is changed in place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, Stale, refuse_if, refused_by
from openprm.leads import intake_policies as policies
from openprm.leads.models import WebForm, WebFormVersion
from openprm.leads.rules import webform as rules
from openprm.leads.rules.webform import FormField
from openprm.leads.services import checks
from openprm.partners import queries as partners


class CodeTaken(Conflict):
    """Another form has this address already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContent:
    """What a form shows. `fields` names the optional fields that it asks and its own questions."""

    title: str
    consent_text: str
    button: str = ""
    intro: str = ""
    points: Sequence[str] = ()
    fields: Sequence[FormField] = ()
    product_lines: Sequence[UUID] = ()
    asks_confirmation: bool = True
    thanks_title: str = ""
    thanks_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSettings:
    """Who may send a form and what its leads belong to."""

    name: str
    program_id: UUID | None = None
    campaign: str = ""
    is_open: bool = True
    allowed_origins: Sequence[str] = field(default_factory=tuple)
    theme: str = "auto"


@transaction.atomic
def create_form(*, actor: Actor, code: str, settings: FormSettings, content: FormContent, at: datetime) -> UUID:
    """A new form with its first version. Raises NotAllowed, Invalid, CodeTaken."""
    refuse_if(policies.why_not_manage_intake(actor))
    form = WebForm(code=checks.code("code", code), **_settings(actor, settings))
    version = _content(actor, content)
    with refused_by("leads_webform_code_key", CodeTaken(_("Another form has this address. Choose another word."), field="code")):
        form.save()
    _publish(form, version, 1, actor, at)
    audit.record(actor, "lead_form.created", form, at=at)
    return form.pk


@transaction.atomic
def update_form(*, actor: Actor, form_id: UUID, settings: FormSettings, content: FormContent, version: int | None = None, at: datetime) -> None:
    """Change a form. Other words make a new version; a consent given before keeps the old one. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_manage_intake(actor))
    form = policies.reach_forms(actor).locked().one(form_id)
    if version is not None and version != form.version:
        raise Stale()
    before = form.snapshot()
    for name, value in _settings(actor, settings).items():
        setattr(form, name, value)
    made = _content(actor, content)
    if _differs(form, made):
        form.current_number += 1
        _publish(form, made, form.current_number, actor, at)
    form.version += 1
    form.save()
    audit.record(actor, "lead_form.changed", form, before=before, at=at)


def _publish(form: WebForm, made: WebFormVersion, number: int, actor: Actor, at: datetime) -> None:
    made.form, made.number, made.published_at, made.published_by_id = form, number, at, actor.user_id
    made.save()


_CONTENT = ("title", "intro", "points", "fields", "product_lines", "button", "consent_text", "asks_confirmation", "thanks_title", "thanks_text")


def _differs(form: WebForm, made: WebFormVersion) -> bool:
    standing = WebFormVersion.objects.get(form=form, number=form.current_number)
    return any(getattr(standing, name) != getattr(made, name) for name in _CONTENT)


def _settings(actor: Actor, given: FormSettings) -> Mapping[str, object]:
    if given.theme not in WebForm.Theme.values:
        raise Invalid(_("Choose one of the themes."), field="theme")
    return {
        "name": checks.line("name", given.name, longest=120, required=True),
        "program_id": partners.program(actor, given.program_id).id if given.program_id else None,
        "campaign": checks.line("campaign", given.campaign, longest=120),
        "is_open": bool(given.is_open),
        "allowed_origins": _origins(given.allowed_origins),
        "theme": given.theme,
    }


def _origins(given: Iterable[str]) -> list[str]:
    listed = [text.strip() for text in given if text.strip()]
    if len(listed) > rules.MOST_ORIGINS:
        raise Invalid(_("Name at most %(most)d web sites.") % {"most": rules.MOST_ORIGINS}, field="allowed_origins")
    if bad := [text for text in listed if not rules.origin(text)]:
        raise Invalid(_("“%(text)s” is no web address. Write it like https://www.kallio.fi.") % {"text": bad[0][:80]}, field="allowed_origins")
    return sorted({rules.origin(text) for text in listed})


def _content(actor: Actor, given: FormContent) -> WebFormVersion:
    return WebFormVersion(
        title=checks.line("title", given.title, longest=120, required=True),
        intro=checks.text("intro", given.intro, longest=1000),
        points=_points(given.points),
        fields=[rules.written(one) for one in _fields(given.fields)],
        product_lines=_product_lines(actor, given.product_lines),
        button=checks.line("button", given.button, longest=60) or _("Send"),
        consent_text=checks.text("consent_text", given.consent_text, longest=2000, required=True),
        asks_confirmation=bool(given.asks_confirmation),
        thanks_title=checks.line("thanks_title", given.thanks_title, longest=120) or _("Thank you"),
        thanks_text=checks.text("thanks_text", given.thanks_text, longest=1000),
    )


def _points(given: Iterable[str]) -> list[str]:
    listed = [found for text in given if (found := checks.line("points", text, longest=160))]
    if len(listed) > rules.MOST_POINTS:
        raise Invalid(_("Write at most %(most)d points.") % {"most": rules.MOST_POINTS}, field="points")
    return listed


def _fields(given: Iterable[FormField]) -> list[FormField]:
    listed = list(given)
    questions = [one for one in listed if one.label or one.is_question]
    known = [one for one in listed if one not in questions]
    if bad := [one.name for one in known if one.name not in rules.OPTIONAL]:
        raise Invalid(_("A form has no field “%(name)s”.") % {"name": bad[0][:40]}, field="fields")
    if len({one.name for one in known}) < len(known):
        raise Invalid(_("A field stands in the form only once."), field="fields")
    return [*known, *_questions(questions)]


def _questions(given: Sequence[FormField]) -> list[FormField]:
    if len(given) > rules.MOST_QUESTIONS:
        raise Invalid(_("Ask at most %(most)d questions of your own.") % {"most": rules.MOST_QUESTIONS}, field="questions")
    return [
        FormField(f"question_{number}", one.required, checks.line("questions", one.label, longest=rules.LONGEST_QUESTION, required=True), _choices(one.choices))
        for number, one in enumerate(given, start=1)
    ]


def _choices(given: Sequence[str]) -> tuple[str, ...]:
    listed = tuple(dict.fromkeys(found for text in given if (found := checks.line("questions", text, longest=rules.LONGEST_CHOICE))))
    if listed and not 2 <= len(listed) <= rules.MOST_CHOICES:
        raise Invalid(problems=[Problem("questions", _("Offer 2 to %(most)d answers, or none for a free text.") % {"most": rules.MOST_CHOICES})])
    return listed


def _product_lines(actor: Actor, given: Sequence[UUID]) -> list[UUID]:
    known = {line.id for line in deals.product_lines(actor)}
    wanted = list(dict.fromkeys(given))
    if [line_id for line_id in wanted if line_id not in known] or len(wanted) > rules.MOST_PRODUCT_LINES:
        raise Invalid(_("Choose product lines of the catalogue."), field="product_lines")
    return wanted
