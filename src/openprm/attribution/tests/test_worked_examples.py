"""The examples in the documentation, computed again."""

import json
import re
from pathlib import Path

import pytest

from openprm.attribution.engine.models import Settings
from openprm.attribution.engine.running import attribute
from openprm.attribution.tests import naive

PAGE = Path(__file__).resolve().parents[4] / "docs" / "algorithms" / "attribution.md"
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{example['model']}-{number}" for number, example in enumerate(EXAMPLES)])
def test_an_example_comes_out_as_it_is_written(example):
    source = naive.given([(tuple(path.split(" > ")), *numbers) for path, *numbers in example["paths"]])

    credit = attribute(source, [example["model"]], Settings(order=example.get("order", 1))).credit[example["model"]]

    for kind in ("conversions", "value"):
        if kind in example:
            assert dict(zip(source.partners, getattr(credit, kind), strict=True)) == pytest.approx(example[kind])
