from datetime import UTC, datetime
from decimal import Decimal
from unittest.mock import patch

import duckdb
import pytest

from openprm.analytics.datasets import Dataset, UnknownDataset
from openprm.analytics.session import session
from openprm.kernel.scope import NoScope, scope

pytestmark = pytest.mark.django_db

PARTNERS = Dataset(
    name="identity.organizations", about="Organizations by kind", columns={"id": "uuid", "kind": "text", "created_at": "moment"},
    sql="select id, kind, created_at from identity_organization",
)  # fmt: skip
TYPES = Dataset(
    name="sample.types", about="One row of every type",
    columns={"t": "text", "i": "int", "d": "decimal", "b": "bool", "day": "date", "m": "moment", "nothing": "text"},
    sql="select 'é', 9007199254740993, 0.1::numeric, true, date '2026-11-23', timestamptz '2026-11-23 10:00+00', null where %(yes)s", parameters={"yes": True},
)  # fmt: skip
EVENTS = Dataset(name="audit.events", about="Events", columns={"id": "uuid"}, sql="select id from audit_event")
NUMBERS = Dataset(name="sample.numbers", about="Many rows", columns={"n": "int"}, sql="select generate_series(1, 120000)")


@pytest.fixture(autouse=True)
def contributed():
    with patch("openprm.analytics.datasets.all_datasets", lambda: (PARTNERS, TYPES, EVENTS, NUMBERS)):
        yield


def test_values_keep_their_types(cast):
    with scope(cast.vendor_reader), session(actor=cast.vendor_reader, datasets=["sample.types"]) as data:
        assert data.sql("select * from sample_types") == [{
            "t": "é", "i": 9007199254740993, "d": Decimal("0.100000000"), "b": True, "day": datetime(2026, 11, 23).date(),
            "m": datetime(2026, 11, 23, 10, tzinfo=UTC), "nothing": None}]  # fmt: skip


def test_an_expression_and_a_query_agree(cast):
    with scope(cast.vendor_reader), session(actor=cast.vendor_reader, datasets=["sample.numbers"]) as data:
        numbers = data.table("sample.numbers")

        assert data.rows(numbers.aggregate(total=numbers.n.sum(), rows=numbers.count())) == [{"total": 7200060000, "rows": 120000}]
        assert data.sql("select count(*) as large from sample_numbers where n > ?", [119999]) == [{"large": 1}]


def test_row_level_security_decides_the_rows(cast):
    seen = {}
    for actor in (cast.vendor_reader, cast.partner_rep, cast.other_partner_rep):
        with scope(actor), session(actor=actor, datasets=["identity.organizations"]) as data:
            seen[actor.name] = {row["id"] for row in data.sql("select id from identity_organizations where kind = 'partner'")}

    assert seen[cast.vendor_reader.name] >= {str(cast.partner.pk), str(cast.other_partner.pk)}
    assert str(cast.other_partner.pk) not in seen[cast.partner_rep.name]
    assert str(cast.partner.pk) not in seen[cast.other_partner_rep.name]


def test_a_session_needs_the_scope_of_its_actor(cast):
    with pytest.raises(NoScope), session(actor=cast.partner_rep, datasets=["identity.organizations"]):
        pass
    with scope(cast.partner_rep), pytest.raises(NoScope), session(actor=cast.vendor_admin, datasets=["identity.organizations"]):
        pass


def test_an_unknown_data_set_is_named_with_the_known_ones(cast):
    with (
        scope(cast.vendor_reader),
        pytest.raises(UnknownDataset, match=r"'sample.none'.*identity\.organizations"),
        session(actor=cast.vendor_reader, datasets=["sample.none"]),
    ):
        pass


@pytest.mark.parametrize(
    "query", ["select * from read_csv('/etc/passwd')", "copy sample_numbers to '/tmp/out.csv'", "set enable_external_access = true", "install httpfs"]
)
def test_a_query_reaches_no_file_and_no_network(cast, query):
    with scope(cast.vendor_reader), session(actor=cast.vendor_reader, datasets=["sample.numbers"]) as data, pytest.raises(duckdb.Error):
        data.sql(query)


def test_nothing_is_left_after_the_session(cast):
    with scope(cast.vendor_reader):
        with session(actor=cast.vendor_reader, datasets=["sample.numbers"]) as data:
            pass
        with pytest.raises(duckdb.Error):
            data.sql("select 1")
