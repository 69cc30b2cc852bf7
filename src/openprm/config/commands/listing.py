"""The commands that domains contribute, read from the text of their commands modules.

`openprm --help` needs names and one line each, and need not start Django for that: it answers in a
fraction of a second. The commands themselves come from the wiring; a test keeps the two alike.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]


def contributed() -> dict[str, str]:
    """Name and short help of every command that a domain defines."""
    found = dict(pair for file in _files() for pair in _commands(ast.parse(file.read_text())))
    return dict(sorted(found.items()))


def without_django() -> dict[str, str]:
    """Module of every command whose file says NEEDS_DJANGO = False: it is imported alone, and starts in a fraction of the time."""
    bare = [file for file in _files() if "\nNEEDS_DJANGO = False\n" in file.read_text()]
    return {
        name: ".".join(("openprm", *file.relative_to(SOURCE).with_suffix("").parts)) for file in bare for name, _help in _commands(ast.parse(file.read_text()))
    }


def _files() -> list[Path]:
    return [file for file in (*SOURCE.glob("*/commands.py"), *SOURCE.glob("*/commands/*.py")) if "config" not in file.parts]


def _commands(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        for decorator in getattr(node, "decorator_list", ()):
            if isinstance(node, ast.FunctionDef) and _makes_command(decorator):
                yield _name(decorator, node), _short_help(decorator, node)


def _makes_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func) in ("click.command", "click.group")


def _name(decorator: ast.Call, function: ast.FunctionDef) -> str:
    given = [argument.value for argument in decorator.args if isinstance(argument, ast.Constant)]
    return str(given[0]) if given else function.name.replace("_", "-")


def _short_help(decorator: ast.Call, function: ast.FunctionDef) -> str:
    for keyword in decorator.keywords:
        if keyword.arg == "short_help" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return (ast.get_docstring(function) or "").split("\n\n")[0].replace("\n", " ")
