"""Questions and answers: what an answer may be, which answers are red flags, which facts they tell, how they score. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

TYPES = ("yes_no", "choice", "choices", "text", "number", "date", "file")
WITH_OPTIONS = ("yes_no", "choice", "choices")
CATEGORIES = ("company", "ownership", "integrity", "environment", "social", "governance")
FACTS = ("government", "ownership", "compensation")
MOST_QUESTIONS, MOST_OPTIONS, LONGEST_TEXT = 80, 20, 4000
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of a choice. `red` makes it a red flag; `fact` is the value of the risk factor that the question tells."""

    value: str
    label: str
    points: int = 0
    red: bool = False
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    id: str
    text: str
    type: str
    help: str = ""
    required: bool = True
    category: str = "company"
    weight: int = 1
    tells: str = ""
    options: tuple[Option, ...] = ()

    @property
    def best(self) -> int:
        points = [option.points for option in self.options if option.points > 0]
        return (sum(points) if self.type == "choices" else max(points, default=0)) if points else 0

    def option(self, value: Any) -> Option | None:
        return next((option for option in self.options if option.value == value), None)

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "options": [asdict(option) for option in self.options]}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer cannot be taken: required, not_an_option, too_long, not_a_number, not_a_date, file_missing."""

    question: str
    code: str


@dataclass(frozen=True, slots=True)
class RedAnswer:
    question: str
    text: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """0 to 100 in whole and by category; `answered` of `asked` scored questions."""

    total: int
    categories: tuple[tuple[str, int], ...]
    answered: int
    asked: int


def read(plain: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Stored questions as values."""
    return tuple(Question(**{**one, "options": tuple(Option(**option) for option in one.get("options", ()))}) for one in plain)


def clean(questions: Sequence[Question], given: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """The answers that can be kept, and the faults of the others. What was left empty is absent, not a fault."""
    kept: dict[str, Any] = {}
    faults: list[Fault] = []
    for question in questions:
        value = given.get(question.id)
        if question.type == "file" or value in (None, "", [], ()):
            continue
        answer, fault = _one(question, value)
        if fault:
            faults.append(Fault(question.id, fault))
        else:
            kept[question.id] = answer
    return kept, tuple(faults)


def missing(questions: Sequence[Question], answers: Mapping[str, Any], files: Sequence[str]) -> tuple[Fault, ...]:
    """The required questions that have no answer yet; `files` names the questions that have a file."""
    held = {*answers, *files}
    return tuple(Fault(one.id, "file_missing" if one.type == "file" else "required") for one in questions if one.required and one.id not in held)


def _one(question: Question, value: Any) -> tuple[Any, str]:
    match question.type:
        case "choices":
            values = list(dict.fromkeys(value if isinstance(value, list | tuple) else [value]))
            return values, "" if all(isinstance(one, str) and question.option(one) for one in values) else "not_an_option"
        case "yes_no" | "choice":
            return value, "" if isinstance(value, str) and question.option(value) else "not_an_option"
        case "number":
            return _number(value)
        case "date":
            return _date(value)
    text = "".join(sign for sign in str(value) if sign.isprintable() or sign in "\n\t").strip()
    return text, "too_long" if len(text) > LONGEST_TEXT else ""


def _number(value: Any) -> tuple[Any, str]:
    text = str(value).strip().replace(" ", "").replace(",", ".")
    return (text, "") if re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text) else (None, "not_a_number")


def _date(value: Any) -> tuple[Any, str]:
    try:
        return date.fromisoformat(str(value).strip()).isoformat(), ""
    except ValueError:
        return None, "not_a_date"


def chosen(question: Question, answers: Mapping[str, Any]) -> tuple[Option, ...]:
    """The options that were picked."""
    value = answers.get(question.id)
    picked = value if isinstance(value, list) else [value]
    return tuple(option for option in question.options if option.value in picked)


def red_answers(questions: Sequence[Question], answers: Mapping[str, Any]) -> tuple[RedAnswer, ...]:
    return tuple(RedAnswer(one.id, one.text, option.label) for one in questions for option in chosen(one, answers) if option.red)


def facts_told(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, str]:
    """The risk factors that the answers state: {"government": "official"}."""
    return {one.tells: option.fact for one in questions if one.tells for option in chosen(one, answers) if option.fact}


def score(questions: Sequence[Question], answers: Mapping[str, Any]) -> Score | None:
    """Weighted share of the points that could be had, times 100, rounded half up; None when nothing scores."""
    scored = [one for one in questions if one.best and one.weight]
    if not scored:
        return None
    categories = dict.fromkeys(one.category for one in scored)
    parts = tuple((name, _share([one for one in scored if one.category == name], answers)) for name in categories)
    answered = sum(1 for one in scored if chosen(one, answers))
    return Score(total=_share(scored, answers), categories=parts, answered=answered, asked=len(scored))


def _share(scored: Sequence[Question], answers: Mapping[str, Any]) -> int:
    got = sum(Decimal(one.weight) * max(0, sum(option.points for option in chosen(one, answers))) / one.best for one in scored)
    return int((100 * got / sum(one.weight for one in scored)).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a question cannot be asked: by field and code."""

    field: str
    code: str


def flaws(question: Question) -> tuple[Flaw, ...]:
    found = {
        ("text", "empty"): not question.text,
        ("type", "unknown"): question.type not in TYPES,
        ("category", "unknown"): question.category not in CATEGORIES,
        ("tells", "unknown"): bool(question.tells) and question.tells not in FACTS,
        ("weight", "range"): not 0 <= question.weight <= 10,
        ("options", "few"): question.type in WITH_OPTIONS and len(question.options) < 2,
        ("options", "many"): len(question.options) > MOST_OPTIONS,
        ("options", "twice"): len({option.value for option in question.options}) < len(question.options),
        ("options", "points"): any(not -100 <= option.points <= 100 for option in question.options),
    }
    return tuple(Flaw(*key) for key, wrong in found.items() if wrong)


def read_options(text: str) -> tuple[Option, ...]:
    """Options as people write them, one in a line: `Yes | 5 | red | official`; all after the answer is optional."""
    return tuple(_option(line) for line in text.splitlines()[: MOST_OPTIONS + 1] if line.strip())


def _option(line: str) -> Option:
    label, *marks = (part.strip() for part in line.split("|"))
    numbers = [int(mark) for mark in marks if re.fullmatch(r"-?\d{1,3}", mark)]
    words = [mark for mark in marks if mark and not re.fullmatch(r"-?\d{1,3}", mark)]
    facts = [word for word in words if word.lower() != "red"]
    return Option(value=slug(label), label=label[:200], points=numbers[0] if numbers else 0, red=len(facts) < len(words), fact=facts[0][:40] if facts else "")


def write_options(options: Sequence[Option]) -> str:
    """What `read_options` reads back."""
    return "\n".join(
        " | ".join(part for part in (one.label, str(one.points) if one.points else "", "red" if one.red else "", one.fact) if part) for one in options
    )


def slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:40] or "answer"
