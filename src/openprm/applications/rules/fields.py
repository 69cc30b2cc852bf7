"""The questions of a form as values, and what makes a form one that can be published."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

KINDS = ("text", "long_text", "choice", "choices", "number", "money", "country", "url", "email", "vat", "consent")
CODE = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
MOST_FIELDS = 60
MOST_PAGES = 8
LONGEST = {"text": 200, "long_text": 4000, "url": 253, "email": 254, "vat": 32, "number": 20, "money": 30, "country": 2}
WITH_CHOICES = ("choice", "choices")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `fact` names the fact of the company that the answer tells (for scoring); `page` is the heading it stands under."""

    code: str
    kind: str
    label: Any
    help: Any = ""
    required: bool = False
    page: Any = ""
    choices: tuple[Choice, ...] = ()
    fact: str = ""
    currency: str = ""
    least: int | None = None
    most: int | None = None
    longest: int = 0

    @property
    def limit(self) -> int:
        """The most characters an answer can have."""
        return self.longest or LONGEST.get(self.kind, 200)

    def label_of(self, value: str) -> str:
        return next((str(choice.label) for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True, slots=True)
class NotAForm:
    """Why a form cannot be published: `code` is stable, `field` names the question it is about."""

    code: str
    field: str = ""


def field_of(values: Mapping[str, Any]) -> Field:
    """A question as it was stored. Raises TypeError or KeyError for what is none."""
    known = {name: values[name] for name in Field.__dataclass_fields__ if name in values}
    return Field(**{**known, "choices": tuple(Choice(**choice) for choice in values.get("choices", ()))})


def fields_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    return tuple(field_of(row) for row in rows)


def written(field: Field) -> dict[str, Any]:
    """A question as it is stored: plain values, without what is empty."""
    values = asdict(replace(field, label=str(field.label), help=str(field.help), page=str(field.page)))
    values["choices"] = [{"value": choice.value, "label": str(choice.label)} for choice in field.choices]
    return {name: value for name, value in values.items() if value not in ("", None, [], 0, False)} | {"label": str(field.label)}


def pages_of(fields: Iterable[Field]) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """The questions under their headings, in the order in which each heading comes first."""
    found: dict[str, list[Field]] = {}
    for field in fields:
        found.setdefault(str(field.page), []).append(field)
    return tuple((title, tuple(members)) for title, members in found.items())


def problems_of_form(fields: Iterable[Field], *, facts: Iterable[str], taken: Iterable[str] = ()) -> tuple[NotAForm, ...]:
    """Everything that speaks against publishing these questions; nothing means that they can be."""
    listed, known, problems = list(fields), set(facts), []
    seen = set(taken)
    for field in listed:
        problems += _problems_of(field, known)
        if field.code in seen:
            problems.append(NotAForm("code_twice", field.code))
        seen.add(field.code)
    if len(listed) > MOST_FIELDS:
        problems.append(NotAForm("too_many_fields"))
    if len(pages_of(listed)) > MOST_PAGES:
        problems.append(NotAForm("too_many_pages"))
    return tuple(problems)


def _problems_of(field: Field, facts: set[str]) -> list[NotAForm]:
    problems = []
    if not CODE.fullmatch(field.code):
        problems.append(NotAForm("bad_code", field.code))
    if field.kind not in KINDS:
        problems.append(NotAForm("unknown_kind", field.code))
    if not str(field.label).strip():
        problems.append(NotAForm("no_label", field.code))
    if field.kind in WITH_CHOICES and len(field.choices) < 2:
        problems.append(NotAForm("too_few_choices", field.code))
    if len({choice.value for choice in field.choices}) < len(field.choices):
        problems.append(NotAForm("choice_twice", field.code))
    if field.fact and field.fact not in facts:
        problems.append(NotAForm("unknown_fact", field.code))
    if field.kind == "money" and not re.fullmatch(r"[A-Z]{3}", field.currency):
        problems.append(NotAForm("no_currency", field.code))
    if field.least is not None and field.most is not None and field.least > field.most:
        problems.append(NotAForm("least_above_most", field.code))
    return problems
