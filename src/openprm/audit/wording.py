"""How a line of the log reads: the verb's words, the subject's kind, and each changed field as its own form would say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from openprm.kernel.ids import parse_id
from openprm.kernel.money import Money, format_money
from openprm.kernel.registry import AuditVerb, registry
from openprm.ui import format as fmt
from openprm.ui.format import Viewer

NOTHING = "–"
LONGEST_VALUE = 160


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a diff in words. An empty old value is the dash."""

    field: str
    label: str
    old: str
    new: str
    is_private: bool = False

    @property
    def is_new(self) -> bool:
        return self.old == NOTHING


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


def verb(name: str) -> AuditVerb:
    """The words and picture of a verb; one that no domain explains any more reads as it is spelt."""
    return registry.audit_verbs.get(name) or AuditVerb(label=name.rpartition(".")[2].replace("_", " "))


def kind_of(subject_type: str) -> str:
    model = _model(subject_type)
    return capfirst(str(model._meta.verbose_name)) if model else subject_type


def changes_in_words(subject_type: str, changes: Mapping[str, Any], *, currency: str, viewer: Viewer, is_private: bool = False) -> list[Change]:
    """What changed, what had a value before first; without fields that say nothing to a reader (ids of other rows, versions)."""
    model, found = _model(subject_type), []
    for name, (old, new) in sorted(changes.items()):
        if name == "version" or _is_id(old) or _is_id(new):
            continue
        field = _field(model, name)
        words = [_in_words(field, name, value, currency, viewer) for value in (old, new)]
        found.append(Change(name, _label(field, name), *words, is_private=is_private))
    return sorted(found, key=lambda change: change.is_new)


def _model(subject_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(subject_type)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> models.Field | None:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _label(field: models.Field | None, name: str) -> str:
    words = str(field.verbose_name) if field else name.replace("_", " ")
    return capfirst(words.removesuffix(" minor").removesuffix(" id"))


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 36 and parse_id(value) is not None


def _in_words(field: models.Field | None, name: str, value: Any, currency: str, viewer: Viewer) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return format_money(Money(value, currency), viewer.babel) if name.endswith("_minor") and currency else fmt.number(value, viewer)
    choices = dict(field.flatchoices) if field is not None and field.flatchoices else {}
    if isinstance(value, str):
        return str(choices.get(value) or _moment(value, viewer) or value)[:LONGEST_VALUE]
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)[:LONGEST_VALUE]
    return _("%(count)d values") % {"count": len(value)}


def _moment(text: str, viewer: Viewer) -> str | None:
    """A date or a moment as the reader writes it; None for other text."""
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        return fmt.full_day(date.fromisoformat(text), viewer) if len(text) == 10 else fmt.exact(datetime.fromisoformat(text), viewer)
    except ValueError:
        return None


def facts_in_words(data: Mapping[str, Any]) -> list[Fact]:
    """The plain values that an event carries; ids and nested values are for programs."""
    shown = {name: value for name, value in data.items() if isinstance(value, str | int) and not _is_id(value) and name != "currency"}
    return [Fact(capfirst(name.replace("_", " ")), str(value)[:LONGEST_VALUE]) for name, value in shown.items()]
