import csv
import io
import json

import pytest
from click.testing import CliRunner

from openprm.attribution.commands import attribute_file

PATHS = "path,conversions,value,nulls\na > b > a,2,50,1\nb,1,20,4\na,0,0,3\n"


@pytest.fixture
def run(tmp_path):
    def runs(content, *options):
        path = tmp_path / "journeys.csv"
        path.write_text(content)
        return CliRunner().invoke(attribute_file, [str(path), *options])

    return runs


def test_json_is_by_model_and_partner(run):
    answer = run(PATHS, "--model", "first", "--format", "json")

    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {"first": {"a": {"conversions": 2.0, "value": 50.0}, "b": {"conversions": 1.0, "value": 20.0}}}
    assert "3 paths read, 2 partners" in answer.stderr


def test_csv_has_a_line_for_each_model_and_partner(run):
    answer = run(PATHS, "--model", "all")

    lines = list(csv.DictReader(io.StringIO(answer.stdout)))
    assert answer.exit_code == 0
    assert list(lines[0]) == ["model", "partner", "conversions", "value"]
    assert list(dict.fromkeys(line["model"] for line in lines)) == [
        *("first", "last", "linear", "position-decay", "u-shaped", "w-shaped", "z-shaped"),
        *("markov", "markov-per-deal", "shapley", "shapley-ordered", "logistic"),
    ]
    assert "time-decay is left out" in answer.stderr
    assert "logistic: observational" in answer.stderr


def test_weights_of_ones_own(run):
    answer = run(PATHS, "--model", "custom", "--weights", "custom=0/100/0", "--format", "json")

    assert json.loads(answer.stdout)["custom"] == {"a": {"conversions": 0.0, "value": 0.0}, "b": {"conversions": 3.0, "value": 70.0}}


def test_intervals_are_added_when_asked_for(run):
    answer = run(PATHS, "--model", "logistic", "--intervals", "--format", "json")

    given = json.loads(answer.stdout)["logistic"]["a"]
    assert given["conversions_low"] <= given["conversions"] <= given["conversions_high"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--model", "best"], "'best' is not one of"),
        (["--order", "0"], "--order"),
        (["--half-life", "-1"], "--half-life"),
        (["--weights", "linear=1/2/3"], "weights are for"),
        (["--weights", "u-shaped=1/2"], "u-shaped has 3 weights"),
        (["--weights", "u-shaped=a/b/c"], "are no weights"),
        (["--model", "custom"], "custom needs weights"),
        (["--model", "time-decay"], "use position-decay"),
        (["--model", "markov", "--order", "60"], "use a lower order"),
    ],
)
def test_what_cannot_be_asked_ends_with_2_and_prints_nothing(run, options, said):
    answer = run(PATHS, *options)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert said in answer.stderr


def test_bad_input_ends_with_2_names_the_row_and_prints_nothing(run):
    answer = run(PATHS + "c,-1,0,0\n", "--model", "all")

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert "journeys.csv: row 5, column conversions: -1 is negative" in answer.stderr
