"""Every template of the product: it compiles, holds nothing the content security policy refuses, and names icons that exist."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from openprm.ui import marks

SOURCE = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in SOURCE.glob("*/templates/**/*.html"))
ICON = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""")
PYTHON_ICON = re.compile(r"""\bicon["']?\s*(?::\s*str\s*)?[=:]\s*["']([a-z0-9-]+)["']""")


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles(path):
    get_template(str(path.relative_to(next(parent for parent in path.parents if parent.name == "templates"))))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_script_style_or_handler(path):
    text = path.read_text()

    assert "<style" not in text
    scripts = re.findall(r"<script\b([^>]*)>", text)
    data = ('type="application/json"', 'type="application/ld+json"')  # data blocks: no browser runs them
    assert all("src=" in attributes or any(kind in attributes for kind in data) for attributes in scripts)
    assert re.findall(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.sub(r"\{[%{].*?[%}]\}", "", text)) == []
    assert "javascript:" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_icon_of_a_template_exists(path):
    assert set(ICON.findall(path.read_text())) - set(marks.icons()) == set()


def test_every_icon_that_python_names_exists():
    sources = [path for path in SOURCE.glob("**/*.py") if not {"tests", "migrations"} & set(path.parts)]
    named = {name: path.name for path in sources for name in PYTHON_ICON.findall(path.read_text()) if name}

    assert {name: where for name, where in named.items() if name not in marks.icons()} == {}


def test_an_unknown_icon_draws_a_blank_square_instead_of_failing_the_page():
    assert "<rect" in marks.icon("no-such-icon-anywhere")
