"""A list in which the changed rows alone were made ready again is compared as one that was made ready whole."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from openprm.kernel.scope import scope, system_scope
from openprm.mapping import services
from openprm.mapping.engine.companies import COLUMNS, read_companies
from openprm.mapping.engine.matching import compare
from openprm.mapping.engine.splicing import spliced
from openprm.mapping.models import Comparison, Match
from openprm.mapping.services import preparing
from openprm.mapping.testing import connect, make_list, rows_of, run_match
from openprm.mapping.tests.test_matching import LISTS, ROWS

NAMES = [f"{one}{two}" for one in ("Amber", "Birch", "Coral", "Dune", "Ember") for two in ("field", "ridge", "stone", "water")]


def _read(rows):
    return read_companies({name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in COLUMNS})


def _found(left, right):
    found = compare(left, right).matches(threshold=0.0)
    return {(left.ids[a].as_py(), right.ids[b].as_py(), round(score, 6), why) for a, b, score, why in zip(*vars(found).values(), strict=True)}


@given(LISTS, LISTS, st.dictionaries(st.integers(0, 7), ROWS), st.sets(st.integers(0, 7)))
@settings(max_examples=50, deadline=None)
def test_spliced_rows_are_compared_as_rows_read_whole(left, right, changed, gone):
    rows = [row | {"id": str(place), "vat": "DE136695976" if place == 3 else ""} for place, row in enumerate(left)]
    fresh = [row | {"id": str(place)} for place, row in changed.items() if place not in gone]
    kept = [row for place, row in enumerate(rows) if place not in gone and place not in changed]
    other = _read([row | {"id": f"r{place}"} for place, row in enumerate(right)])

    again = spliced(_read(rows), np.array([row in kept for row in rows], bool), _read(fresh))

    assert sorted(again.ids.to_pylist()) == sorted(row["id"] for row in (*kept, *fresh))
    assert _found(again, other) == _found(_read([*kept, *fresh]), other)
    assert _found(other, again) == _found(other, _read([*kept, *fresh]))


def test_a_worker_reads_only_the_rows_that_changed_and_finds_what_a_new_one_finds(cast, at, monkeypatch, db):
    mine = make_list(cast.vendor_admin, NAMES, level="all")
    make_list(cast.partner_admin, NAMES[5:], level="all")
    connect(cast.vendor_admin, cast.partner_admin)
    preparing.forget()
    run_match(cast.partner_id)
    read, asked = preparing.columns_of, []
    monkeypatch.setattr(preparing, "columns_of", lambda *told: asked.append(told) or read(*told))
    rows = rows_of(NAMES, prefix="vendor-")
    with scope(cast.vendor_admin):
        services.put_rows(actor=cast.vendor_admin, population_id=mine, rows=[replace(rows[7], name="Walrus Mill Oy", domain="", vat="FI20774740")], at=at)
        services.drop_rows(actor=cast.vendor_admin, population_id=mine, keys=[rows[9].key], at=at)

    run_match(cast.partner_id)
    partly = _stored()

    assert [len(told[1]) for told in asked] == [1]
    preparing.forget()
    with system_scope():
        Comparison.objects.all().delete()
        Match.objects.all().delete()
    run_match(cast.partner_id)
    assert _stored() == partly
    assert len(partly) == 13
    assert [len(told) for told in asked] == [2, 1, 1]


def _stored():
    with system_scope():
        return set(Match.objects.values_list("left", "right", "permille", "matched_on", "state"))
