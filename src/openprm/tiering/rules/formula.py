"""Computed metrics: arithmetic over facts, nothing else. No name is looked up but the facts that are given."""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow

LONGEST = 300
PLACES = 6
LARGEST = Decimal(10) ** 18
CALLS = {"min": min, "max": max}


class BadFormula(ValueError):
    """The text is no formula; the message says what to write instead."""


class UnknownFact(BadFormula):
    """The formula names something that is no fact."""

    def __init__(self, name: str):
        self.name = name
        super().__init__(name)


class Circle(BadFormula):
    """Metrics refer to themselves, directly or round about; `path` begins and ends with the same name."""

    def __init__(self, path: tuple[str, ...]):
        self.path = path
        super().__init__(" -> ".join(path))


@dataclass(frozen=True, slots=True)
class Formula:
    """`op` is number, fact, +, -, *, /, neg, min or max; `parts` are the operands."""

    op: str
    parts: tuple["Formula", ...] = ()
    number: Decimal = Decimal(0)
    fact: str = ""


_OPS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def read(text: str) -> Formula:
    """Raises BadFormula."""
    if len(text) > LONGEST:
        raise BadFormula("long")
    try:
        return _read(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as problem:
        if isinstance(problem, BadFormula):
            raise
        raise BadFormula("syntax") from None


def names(formula: Formula) -> Iterator[str]:
    """Every fact that the formula reads."""
    if formula.op == "fact":
        yield formula.fact
    for part in formula.parts:
        yield from names(part)


def value(formula: Formula, facts: Mapping[str, Decimal | None]) -> Decimal | None:
    """What the formula comes to; unknown as soon as one of its facts is, or when it divides by zero."""
    try:
        found = _value(formula, facts)
        return None if found is None or abs(found) >= LARGEST else round(found, PLACES)
    except (DivisionByZero, InvalidOperation, Overflow):
        return None


def in_order(formulas: Mapping[str, Formula], known: Collection[str]) -> tuple[str, ...]:
    """The metrics so that each comes after those it reads. Raises UnknownFact, Circle."""
    done: dict[str, None] = {}
    for name in formulas:
        _visit(name, formulas, known, done, ())
    return tuple(done)


def _visit(name: str, formulas: Mapping[str, Formula], known: Collection[str], done: dict[str, None], path: tuple[str, ...]) -> None:
    if name in path:
        raise Circle((*path[path.index(name) :], name))
    if name in done:
        return
    for asked in names(formulas[name]):
        if asked in formulas:
            _visit(asked, formulas, known, done, (*path, name))
        elif asked not in known:
            raise UnknownFact(asked)
    done[name] = None


def _read(node: ast.expr) -> Formula:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPS:
            return Formula(_OPS[type(op)], (_read(left), _read(right)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Formula("neg", (_read(operand),))
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Formula("number", number=Decimal(str(number)))
        case ast.Name(id=name):
            return Formula("fact", fact=name)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in CALLS and len(args) > 1:
            return Formula(name, tuple(_read(one) for one in args))
    raise BadFormula("syntax")


def _value(formula: Formula, facts: Mapping[str, Decimal | None]) -> Decimal | None:
    if formula.op == "number":
        return formula.number
    if formula.op == "fact":
        return facts.get(formula.fact)
    parts = [_value(part, facts) for part in formula.parts]
    if any(part is None for part in parts):
        return None
    if formula.op in CALLS:
        return CALLS[formula.op](parts)
    return -parts[0] if formula.op == "neg" else _arithmetic(formula.op, *parts)


def _arithmetic(op: str, one: Decimal, other: Decimal) -> Decimal:
    return {"+": one.__add__, "-": one.__sub__, "*": one.__mul__, "/": one.__truediv__}[op](other)
