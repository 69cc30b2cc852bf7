import csv
import gzip
import random
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openprm.attribution.engine.errors import BadInput
from openprm.attribution.engine.models import Settings
from openprm.attribution.engine.reading.source import journeys_in
from openprm.attribution.engine.running import attribute

HEADER = "journey_id,partner,at,value,converted\n"
GOOD = "J1,a,2026-01-01,0,0\nJ1,b,2026-01-02,100,1\nJ2,a,2026-01-03,0,0\n"
NAMES = ("first", "last", "linear", "time-decay", "w-shaped", "shapley", "markov")


def credit(path, names=("linear",), budget=1 << 28, order=1):
    with journeys_in(path, budget=budget) as source:
        result = attribute(source, names, Settings(order=order))
    return {
        name: {partner: (float(given.conversions[code]), float(given.value[code])) for code, partner in enumerate(result.partners)}
        for name, given in result.credit.items()
    }


def refused(path):
    with pytest.raises(BadInput) as caught:
        credit(path, NAMES)
    return str(caught.value)


@pytest.fixture
def written(tmp_path):
    def write(content, name="touches.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_touches_are_put_in_the_order_of_time(written):
    path = written(HEADER + "J1,b,2026-01-02T10:00:00+02:00,100,1\nJ2,a,2026-01-03,0,0\nJ1,a,2026-01-02T07:59:59Z,100,1\n")

    assert credit(path, ["first", "last"]) == {"first": {"a": (1, 100), "b": (0, 0)}, "last": {"a": (0, 0), "b": (1, 100)}}


def test_touches_at_the_same_time_stay_in_the_order_of_the_file(written):
    path = written(HEADER + "J1,z,2026-01-01,5,1\nJ1,a,2026-01-01,5,1\n")

    assert credit(path, ["first"]) == {"first": {"a": (0, 0), "z": (1, 5)}}


@pytest.mark.parametrize(
    "content",
    [
        HEADER + GOOD,
        "\ufeff" + HEADER + GOOD,
        (HEADER + GOOD).replace("\n", "\r\n"),
        (HEADER + GOOD).replace(",", ";").replace("100", "100,0"),
        HEADER + GOOD.replace("100,1", "100.0,true").replace(",0,0", ",,false"),
        HEADER + GOOD.rstrip("\n"),
        'Journey_ID,"channel",Timestamp,value,converted\n' + GOOD.replace("J1,a", '"J1","a"'),
    ],
)
def test_csv_of_many_hands_says_the_same(written, content):
    assert credit(written(content)) == {"linear": {"a": (0.5, 50), "b": (0.5, 50)}}


def test_a_compressed_file_is_read(written):
    assert credit(written(gzip.compress((HEADER + GOOD).encode()), "touches.csv.gz")) == {"linear": {"a": (0.5, 50), "b": (0.5, 50)}}


def test_a_name_full_of_signs_is_a_name(written):
    assert credit(written(HEADER + GOOD, "o'neill [1] *?.csv")) == {"linear": {"a": (0.5, 50), "b": (0.5, 50)}}


@pytest.mark.parametrize("converted", [pa.array([0, 1, 0]), pa.array([False, True, False]), pa.array(["no", "yes", None]), pa.array([0.0, 1.0, 0.0])])
@pytest.mark.parametrize("at", [pa.array([datetime(2026, 1, day) for day in (1, 2, 3)]), pa.array(["2026-01-01", "2026-01-02", "2026-01-03"])])
def test_parquet_of_any_types_says_the_same(tmp_path, converted, at):
    path = tmp_path / "touches.parquet"
    pq.write_table(pa.table({"journey_id": [1, 1, 2], "partner": ["a", "b", "a"], "at": at, "value": [0, 100, 0], "converted": converted}), path)

    assert credit(path) == {"linear": {"a": (0.5, 50), "b": (0.5, 50)}}


def test_paths_are_read_with_what_the_file_has(written):
    assert credit(written("path;conversions\na > b;2\nb;1\n", "paths.csv")) == {"linear": {"a": (1, 0), "b": (2, 0)}}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("J1,a,2026-01-01,-5,1\n", 'row 5, column value: "-5" is negative'),
        ("J1,a,2026-01-01,much,1\n", 'row 5, column value: "much" is no number'),
        ("J1,a,2026-01-01,inf,1\n", 'row 5, column value: "inf" is no number'),
        ("J1,a,2026-01-01,1e300,1\n", 'row 5, column value: "1e300" is too large'),
        ("J1,a,soon,5,1\n", 'row 5, column at: "soon" is no time; write it as 2026-03-31 or 2026-03-31T14:05:00Z'),
        ("J1,a,,5,1\n", "row 5, column at: an empty cell is no time; write it as 2026-03-31 or 2026-03-31T14:05:00Z"),
        ("J1,,2026-01-01,5,1\n", "row 5, column partner: the touch has no partner"),
        (",a,2026-01-01,5,1\n", "row 5, column journey_id: the journey has no id"),
        ("J1,a,2026-01-01,5,perhaps\n", 'row 5, column converted: "perhaps" is neither true nor false'),
        ("J1,a,2026-01-02T00:00:01,0,0\n", "row 5, column at: a touch of journey J1 at 2026-01-02T00:00:01, after it closed at 2026-01-02 00:00:00"),
        ("J1,a,2026-01-01,70,0\n", 'row 5, column value: "70" and 100.0 are both given as the value of journey J1'),
        ('"J9,a,2026-01-01,5,1\n', "row 5: a quotation mark that is never closed"),
        ("J9,a,2026-01-01\n", "row 5: 3 columns where the header has 5; is the file cut off?"),
    ],
)
def test_a_row_that_cannot_be_understood_is_named(written, rows, reason):
    assert refused(written(HEADER + GOOD + rows + "J3,b,2026-01-01,0,0\n")) == reason


def test_the_first_of_several_bad_rows_is_named(written):
    assert refused(written(HEADER + "J1,a,2026-01-01,1,1\nJ2,a,x,1,1\nJ3,a,2026-01-01,-1,1\n")).startswith("row 3, column at")


def test_a_touch_after_the_close_that_the_file_gives_is_refused(written):
    content = HEADER.replace("\n", ",closed_at\n") + "J1,a,2026-01-01,5,1,2026-01-02\nJ1,b,2026-01-03,5,1,2026-01-02\n"

    assert refused(written(content)) == "row 3, column at: a touch of journey J1 at 2026-01-03, after it closed at 2026-01-02"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (HEADER, "the file has a header and no rows"),
        ("path,conversions\n", "the file has a header and no rows"),
        (
            "journey_id,partner,at,value,converted,colour\n" + GOOD,
            "row 1: unknown column 'colour'; expected are journey_id, partner, at, value, converted, closed_at",
        ),
        ("journey_id,partner,value,converted\n" + GOOD, "row 1: the column 'at' is missing; expected are journey_id, partner, at, value, converted, closed_at"),
        ("path,conversions,total_conversions\na,1,1\n", "row 1: the column 'conversions' is there twice"),
        ("path,conversions\na > > b,1\n", "row 2, column path: the path has a step without a partner"),
        ("path,conversions\na,1\n,1\n", "row 3, column path: the path is empty"),
        ("path,conversions,value\na,1,2\nb,1,-2\n", "row 3, column value: -2 is negative"),
        ("path,conversions\na,1\nb,many\n", "row 3, column conversions: not a number"),
        ("path,conversions,value\na,0,7\n", "row 2, column value: a value, but no conversions"),
        ((HEADER + GOOD).encode("utf-16"), "row 1: not UTF-8: the file is in another encoding; save it as CSV in UTF-8"),
        ((HEADER + GOOD).encode() + "J1,Müller,2026-01-01,0,0\n".encode("latin-1"), "row 5: not UTF-8: the file mixes encodings, or was saved in another one"),
        ("Müller,x\n".encode("latin-1"), "row 1: not UTF-8: the header is in another encoding"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(written, content, reason):
    assert refused(written(content)) == reason


def test_a_parquet_file_that_is_not_whole_is_refused(written, tmp_path):
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"path": ["a"], "conversions": [1]}), whole)

    assert refused(written(whole.read_bytes()[:-20], "half.parquet")) == "this Parquet file is not whole: its end is missing"
    assert refused(written("path\n", "no.parquet")) == "this is no Parquet file, though its name says so"
    assert "row" not in refused(written(b"PAR1" + bytes(200) + b"PAR1", "holes.parquet"))


def many(path, journeys, seed=3):
    chance, rows = random.Random(seed), []
    for number in range(journeys):
        won, close = chance.random() < 0.4, datetime(2026, 1, 1) + timedelta(hours=number)
        for _ in range(chance.randint(1, 6)):
            at = close - timedelta(minutes=chance.randint(1, 50_000))
            rows.append([f"J{number}", chance.choice("abcdefg"), at.isoformat(), 10 * number if won else 0, int(won)])
    chance.shuffle(rows)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["journey_id", "partner", "at", "value", "converted"])
        writer.writerows(rows)
    return rows


def test_a_file_larger_than_the_memory_it_may_use_gives_the_same(tmp_path, monkeypatch):
    path = tmp_path / "touches.csv"
    many(path, 3_000)
    in_memory = credit(path, NAMES, order=2)
    monkeypatch.setattr("openprm.attribution.engine.reading.spill.ROWS_IN_ONE", 500)
    monkeypatch.setattr("openprm.attribution.engine.reading.long.ROWS_AT_ONCE", 1_000)

    assert_same(credit(path, NAMES, budget=50_000, order=2), in_memory)


def test_touches_give_what_their_paths_give(tmp_path):
    rows = many(tmp_path / "touches.csv", 400)
    journeys = {}
    for journey, partner, at, value, won in rows:
        journeys.setdefault(journey, []).append((at, partner, value, won))
    with (tmp_path / "paths.csv").open("w", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["path", "conversions", "value", "nulls"])
        for touches in journeys.values():
            ordered = sorted(touches, key=lambda touch: touch[0])
            writer.writerow([" > ".join(touch[1] for touch in ordered), ordered[0][3], ordered[0][2], 1 - ordered[0][3]])
    names = ("first", "last", "linear", "position-decay", "u-shaped", "markov", "markov-per-deal", "shapley", "logistic")

    assert_same(credit(tmp_path / "paths.csv", names, order=3), credit(tmp_path / "touches.csv", names, order=3))


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name, given in expected.items():
        assert np.array(list(found[name].values())) == pytest.approx(np.array(list(given.values())), rel=1e-9)
