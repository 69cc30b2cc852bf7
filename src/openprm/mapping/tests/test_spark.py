"""A real Spark of this machine finds the very pairs, scores and reasons that one process finds."""

import csv
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

from openprm.analytics.spark import spark_session
from openprm.analytics.testing import SMALL, requires_java
from openprm.kernel.scope import system_scope
from openprm.mapping import services
from openprm.mapping.commands.accounts import map_accounts
from openprm.mapping.engine.companies import read_companies
from openprm.mapping.engine.distributed import compared_on, mapping_on, matches_on
from openprm.mapping.engine.domains import read_redirects
from openprm.mapping.engine.keeping import packed, unpacked
from openprm.mapping.engine.matching import compare, refresh
from openprm.mapping.models import Comparison, Match
from openprm.mapping.testing import connect, make_list, run_match
from openprm.mapping.tests.lists import write

pytestmark = [requires_java, pytest.mark.slow, pytest.mark.timeout(300)]
REDIRECTS = {"old-nordic.com": "c4.com"}
ENDS = ("GmbH", "Inc", "Oy", "S.A.", "", "Holding AG")
HEADS = ("Nordmar", "Valdal", "Müller", "Kerberg", "Lumtek", "Brinora", "First", "Grupo", "東京", "Østvik")
TAILS = ("Steel", "Foods", "Energy", "Logistics", "Bank", "Works", "Systems", "Paper & Pulp")


@pytest.fixture(scope="module")
def spark():
    return spark_session("local[2]", SMALL)


def _corrupted(chance, text):
    kind, place = chance.randrange(5), chance.randrange(len(text) or 1)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text.upper()
    if kind == 2:
        return " ".join(reversed(text.split()))
    return text


def _list(count, seed, *, with_nulls):
    """Names of a few words with misspellings, some without a name or with none at all, some with a domain or an identifier."""
    chance, same = Random(seed), Random(7)
    rows = []
    for number in range(count):
        name = f"{same.choice(HEADS)} {same.choice(HEADS)} {same.choice(TAILS)} {same.choice(('', '', number % 40))}".strip()
        odd = None if with_nulls else ""
        rows.append(
            {
                "id": f"{seed}-{number}",
                "name": odd if number % 17 == 0 else "" if number % 19 == 0 else f"{_corrupted(chance, name)} {chance.choice(ENDS)}",
                "domain": f"https://www.c{number}.com/" if number % 3 == chance.randrange(3) else "old-nordic.com" if number % 50 == 4 else odd,
                "country": chance.choice(("DE", "Germany", "US", odd)),
                "city": chance.choice(("Berlin", "München", odd)),
                "duns": f"{100_000_000 + number}" if number % 11 == 0 else odd,
            }
        )
    return {name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]}


def _told(found):
    rows = zip(found.left.tolist(), found.right.tolist(), [round(score, 9) for score in found.score.tolist()], found.matched_on, strict=True)
    return sorted(rows)


@pytest.mark.parametrize("one_only", [False, True], ids=["one to many", "one to one"])
@pytest.mark.parametrize("threshold", [0.3, 0.5])
def test_spark_finds_what_one_machine_finds(spark, one_only, threshold):
    left, right = _list(300, 1, with_nulls=True), _list(350, 2, with_nulls=True)
    redirects = read_redirects(REDIRECTS)

    here = compare(read_companies(left, redirects), read_companies(right, redirects), only_open=one_only).matches(threshold=threshold, one_only=one_only)
    there = matches_on(spark, left, right, threshold=threshold, one_only=one_only, redirects=redirects)

    assert _told(there) == _told(here)
    assert len(here.left) > 100
    assert {why for _a, _b, _score, why in _told(here)} > {"domain"}


def test_a_list_with_names_alone_and_one_without_a_name_at_all(spark):
    left = {name: column for name, column in _list(60, 1, with_nulls=False).items() if name in ("id", "name")}
    nameless = left | {"name": pa.array([""] * 60)}

    for one, other in ((left, left), (left, nameless)):
        here = compare(read_companies(one), read_companies(other)).matches()
        assert _told(matches_on(spark, one, other)) == _told(here)


def test_what_spark_compared_is_kept_and_refreshed_on_one_machine(spark):
    columns = _list(200, 1, with_nulls=False), _list(220, 2, with_nulls=False)
    left, right = map(read_companies, columns)
    whole, here = mapping_on(spark, left, right, columns), compare(left, right)
    assert np.array_equal(whole.standards.crowded, np.sort(here.standards.crowded))

    names = columns[0]["name"].to_pylist()
    names[5:8] = ["Nordmar Valdal Steel 5", "Kerberg Paper", ""]
    changed = read_companies(columns[0] | {"name": pa.array(names)})
    after = refresh(unpacked(packed(whole)), changed, right)

    assert _told(after.matches()) == _told(refresh(here, changed, right).matches())


def test_the_command_asks_spark_where_it_is_configured(spark, tmp_path, monkeypatch):
    left, right = "id,name,domain\nl1,Acme GmbH,acme.com\nl2,Brightwater Foods,\n", "id,name,domain\nr1,ACME,acme.com\nr2,Brightwater Food Inc,\n"
    files = [str(write(tmp_path, name, text)) for name, text in (("left.csv", left), ("right.csv", right))]

    def run(name):
        done = CliRunner().invoke(map_accounts, [*files, "--one-to-one", "--out", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        return done.stderr, list(csv.reader((tmp_path / name).open(encoding="utf-8")))

    _said, here = run("here.csv")
    monkeypatch.setenv("OPENPRM_ANALYTICS", "local[2]")
    said, there = run("there.csv")

    assert there == here
    assert len(there) == 3
    assert "compared by Spark at local[2]" in said


@pytest.mark.django_db
def test_the_refresh_asks_spark_for_a_whole_comparison_and_keeps_it(spark, cast, at, monkeypatch):
    names = [f"Nordmar{number} Steel" for number in range(30)]
    make_list(cast.vendor_admin, names, level="all")
    theirs = make_list(cast.partner_admin, names[10:], level="all")
    connect(cast.vendor_admin, cast.partner_admin)
    asked = []
    monkeypatch.setenv("OPENPRM_ANALYTICS", "local[2]")
    monkeypatch.setattr("openprm.mapping.engine.distributed.compared_on", lambda *args, **more: asked.append(1) or compared_on(*args, **more))

    assert run_match(cast.partner_id) >= 20
    with system_scope():
        by_spark = set(Match.objects.values_list("left", "right", "permille", "matched_on"))
        Comparison.objects.all().delete()
    monkeypatch.delenv("OPENPRM_ANALYTICS")
    assert run_match(cast.partner_id) == 0
    with system_scope():
        assert set(Match.objects.values_list("left", "right", "permille", "matched_on")) == by_spark
        services.match(partner_id=cast.partner_id, population_id=theirs, at=at)
        assert Comparison.objects.count() == 1
    assert asked == [1]
