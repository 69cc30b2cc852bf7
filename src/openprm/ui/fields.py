"""Drawing Django form fields the way the design asks: label, control, help, error beside it, aria wiring, no script needed."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

_LAYOUTS: tuple[tuple[type, str], ...] = (
    (forms.CheckboxSelectMultiple, "group"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "check"),
    (forms.HiddenInput, "hidden"),
    (forms.FileInput, "file"),
)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    label: str
    message: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a field is drawn. `optional=False` leaves the word "(optional)" out, where the page says it once for all fields."""

    icon: str = ""
    suffix: str = ""
    label: str = ""
    switch: bool = False
    hide_label: bool = False
    optional: bool | None = None


def render(bound: BoundField, **options: Any) -> SafeString:
    """One form field. Options of `Look` dress it; all others become attributes of the control: {% field f.q autofocus=True %}."""
    look = Look(**{name: options.pop(name) for name in _LOOKS & options.keys()})
    layout = next((name for kind, name in _LAYOUTS if isinstance(bound.field.widget, kind)), "input")
    context = {
        "field": bound,
        "control": bound.as_widget(attrs=_attributes(bound, layout, options)),
        "layout": layout,
        "look": look,
        "label": look.label or bound.label,
        "optional": look.optional if look.optional is not None else not bound.field.required,
        "help_id": _help_id(bound),
        "error_id": _error_id(bound),
    }
    return render_to_string("ui/field.html", context)


_LOOKS = frozenset(option.name for option in fields(Look))


def _attributes(bound: BoundField, layout: str, extra: dict) -> dict:
    attrs = {name.replace("_", "-"): value for name, value in extra.items() if value not in (None, False)}
    if layout == "input":
        attrs["class"] = " ".join(filter(None, ("input", attrs.get("class"), bound.field.widget.attrs.get("class"))))
    if layout == "file":
        attrs["aria-labelledby"] = f"{bound.auto_id}_label"
    described = " ".join(filter(None, (_help_id(bound), _error_id(bound))))
    if described and layout not in ("choices", "group"):
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def _help_id(bound: BoundField) -> str:
    return f"{bound.auto_id}_help" if bound.help_text else ""


def _error_id(bound: BoundField) -> str:
    return f"{bound.auto_id}_error" if bound.errors else ""


def problems(form: forms.BaseForm) -> tuple[FieldProblem, ...]:
    """Every refusal of a form, field by field, each with the id to jump to."""
    return tuple(_problems(form))


def _problems(form: forms.BaseForm) -> Iterator[FieldProblem]:
    for message in form.non_field_errors():
        yield FieldProblem("", message, "")
    for bound in form:
        for message in bound.errors:
            yield FieldProblem(bound.label, message, bound.id_for_label or bound.auto_id)


def add_problems(form: forms.BaseForm, refusal) -> None:
    """Put the problems of an `Invalid` beside their fields; what names no field of the form goes on top."""
    found = refusal.problems or ()
    if not found:
        form.add_error(None, refusal.message)
    for problem in found:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)
