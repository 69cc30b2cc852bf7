"""The same number at every door, for those who may read it; what was told is kept."""

import csv
import io
import json
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

import psycopg
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction

from openprm.analytics.datasets import all_datasets
from openprm.analytics.session import session
from openprm.attribution import services as attribution
from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue, make_opportunity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.kpis import queries, services
from openprm.kpis.commands import kpi as command
from openprm.kpis.definitions.facts import Segment
from openprm.kpis.definitions.registry import ALL
from openprm.kpis.models import Cost, Snapshot, Target

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 12, 31)
ASKED = queries.Asked(as_of=AS_OF)


@pytest.fixture
def won(cast, at):
    """One deal of the first partner for €40,000, won ten days after its registration; one that the vendor won alone for €10,000."""
    deal_id = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at)
    with scope(cast.partner_manager) as actor:
        deals.mark_won(actor=actor, registration_id=deal_id, at=at + timedelta(days=10))
    make_opportunity(status="won", closed_at=at, base_amount_minor=10_000_00, base_currency="EUR")
    attribution.collect(at=at + timedelta(days=10))
    return deal_id


def test_every_data_set_reads_what_its_columns_say(cast):
    with system_scope(), session(actor=SYSTEM, datasets=all_or_named()) as data:
        for name in all_or_named():
            data.rows(data.table(name).limit(1))


def all_or_named():
    return sorted({name for kpi in ALL for name in kpi.needs} & {dataset.name for dataset in all_datasets()})


def test_the_number_is_the_same_in_the_query_the_api_and_the_command(cast, won):
    with scope(cast.vendor_reader) as actor:
        told = queries.figure(actor, "sourced_revenue", ASKED)
        listed = queries.rows(actor, "sourced_revenue", ASKED)
    over_api = cast.client("vendor_reader").get("/api/v1/kpis/sourced_revenue", {"as_of": "2026-12-31"}).json()["figure"]
    as_json, as_csv = (_command("sourced_revenue", "--as-of", "2026-12-31", "--format", form) for form in ("json", "csv"))

    assert (told.value, told.n, told.currency) == (40_000_00, 1, "EUR")
    assert Decimal(str(over_api["value"])) == told.value
    assert (json.loads(as_json)["value"], json.loads(as_json)["configuration"]) == (told.value, told.configuration)
    assert next(csv.DictReader(io.StringIO(as_csv)))["value"] == "4000000"
    assert sum(row["net_minor"] for row in listed.rows) == told.value
    assert listed.rows[0]["partner"] == cast.partner.name


def _command(*arguments):
    @contextmanager
    def same_transaction():
        with scope(SYSTEM) as actor:
            yield actor

    with patch("openprm.kpis.commands.system_scope", same_transaction):
        answer = CliRunner().invoke(command, list(arguments))
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_sourced_influenced_and_the_rest_add_up(cast, won):
    with scope(cast.vendor_reader) as actor:
        total, engaged, alone = queries.figures(actor, ("total_revenue", "partner_engaged_revenue", "unattributed_revenue"), ASKED)

    assert (total.value, engaged.value, alone.value) == (50_000_00, 40_000_00, 10_000_00)


def test_a_partner_sees_its_own_number_and_another_partner_nothing_of_it(cast, won):
    seen = {}
    for actor in (cast.partner_rep, cast.other_partner_rep):
        with scope(actor):
            seen[actor.name] = (queries.figure(actor, "sourced_revenue", ASKED).value, len(queries.rows(actor, "sourced_revenue", ASKED).rows))

    assert list(seen.values()) == [(40_000_00, 1), (0, 0)]


@pytest.mark.parametrize("name", ["ropi", "channel_share", "no_such_kpi"])
def test_a_partner_has_no_number_of_the_program(cast, name):
    with scope(cast.partner_rep) as actor, pytest.raises(NotFound):
        queries.figure(actor, name, ASKED)
    assert cast.client("partner_rep").get(f"/api/v1/kpis/{name}").status_code == 404
    assert cast.client("partner_rep").get("/api/v1/kpis/values", {"names": f"sourced_revenue,{name}"}).status_code == 404


def test_before_it_was_won_it_was_not(cast, won):
    with scope(cast.vendor_reader) as actor:
        assert queries.figure(actor, "sourced_revenue", queries.Asked(as_of=date(2026, 11, 30))).value == 0


def test_a_number_nobody_can_tell_says_what_is_missing(cast):
    with scope(cast.vendor_reader) as actor:
        found = queries.figure(actor, "psat", ASKED)

    assert (found.value, found.measured) == (None, False)
    assert found.reason == "not measured: answers of partners to surveys (data set surveys.replies)"
    assert json.loads(_command("psat", "--as-of", "2026-12-31"))["value"] is None


def test_all_numbers_come_from_one_reading(cast, won):
    found = cast.client("vendor_admin").get("/api/v1/kpis/values", {"as_of": "2026-12-31", "compare": "previous"}).json()

    assert len(found) == len(ALL)
    assert all((one["value"] is None) == bool(one["reason"]) for one in found)


def test_a_month_is_kept_once_and_what_was_told_stands(cast, won):
    with system_scope():
        made = services.keep(as_of=AS_OF, by_segment=False)
        again = services.keep(as_of=AS_OF, by_segment=False)
        row = Snapshot.objects.get(kpi="sourced_revenue", period="12m")
    with scope(cast.vendor_reader) as actor:
        kept = queries.history(actor, "sourced_revenue", period="12m")

    assert made > 80
    assert again == 0
    assert (row.value, row.n, row.why, len(row.configuration)) == (40_000_00, 1, "", 64)
    assert [(one.as_of, one.value) for one in kept] == [(AS_OF, 40_000_00)]
    with system_scope(), pytest.raises((DatabaseError, psycopg.Error)), transaction.atomic():
        Snapshot.objects.filter(pk=row.pk).update(value=1)


def test_a_partner_reads_no_kept_numbers_targets_or_costs(cast, at):
    with system_scope():
        services.keep(as_of=AS_OF, names=("sourced_revenue",))
    with scope(cast.finance_manager) as actor:
        services.enter_cost(actor=actor, month=date(2026, 11, 5), kind="team", amount_minor=100, partner_id=cast.partner_id, at=at)
        services.set_target(actor=actor, kpi="sourced_revenue", period="year", starts_on=date(2026, 1, 1), value=Decimal(5), at=at)
    with scope(cast.partner_rep) as actor:
        assert [model.objects.count() for model in (Snapshot, Target, Cost)] == [0, 0, 0]
        assert queries.history(actor, "sourced_revenue") == ()


def test_a_target_is_set_by_finance_and_a_stale_one_refused(cast, at):
    wanted = {"kpi": "ropi", "period": "quarter", "starts_on": date(2026, 10, 1), "value": Decimal("3.5"), "at": at}
    with scope(cast.finance_manager) as actor:
        assert services.set_target(actor=actor, **wanted) == 1
        assert services.set_target(actor=actor, **{**wanted, "value": Decimal(4)}, version=1) == 2
        with pytest.raises(Stale):
            services.set_target(actor=actor, **wanted, version=1)
        assert [(one.kpi, one.value, one.set_by_name) for one in queries.targets(actor, "ropi")] == [("ropi", 4, actor.name)]


@pytest.mark.parametrize(
    "changed", [{"period": "week"}, {"starts_on": date(2026, 10, 2)}, {"starts_on": date(2026, 11, 1)}, {"value": Decimal("NaN")}, {"value": Decimal(10) ** 19}]
)
def test_an_odd_target_is_refused_and_nothing_is_kept(cast, at, changed):
    wanted = {"kpi": "ropi", "period": "quarter", "starts_on": date(2026, 10, 1), "value": Decimal(1), "at": at}
    with scope(cast.vendor_admin) as actor:
        with pytest.raises(Invalid):
            services.set_target(actor=actor, **{**wanted, **changed})
        assert queries.targets(actor) == ()


def test_costs_are_entered_and_taken_out_by_finance_alone(cast, at):
    wanted = {"month": date(2026, 11, 5), "kind": "team", "amount_minor": 500_00, "at": at}
    with scope(cast.vendor_reader) as actor, pytest.raises(NotAllowed):
        services.enter_cost(actor=actor, **wanted)
    with scope(cast.finance_manager) as actor:
        cost_id = services.enter_cost(actor=actor, **wanted)
        assert [(one.month, one.amount_minor, one.currency) for one in queries.costs(actor)] == [(date(2026, 11, 1), 500_00, "EUR")]
        assert queries.figure(actor, "ropi", ASKED).parts["entered_costs"] == 500_00
        for odd in ({"amount_minor": 0}, {"kind": "lunch"}, {"currency": "???"}, {"month": date(1200, 1, 1)}):
            with pytest.raises(Invalid):
                services.enter_cost(actor=actor, **{**wanted, **odd})
        services.remove_cost(actor=actor, cost_id=cost_id, reason="Entered twice", at=at)
        assert queries.costs(actor) == ()


def test_losing_a_partner_is_told_before_and_after(cast, won):
    with scope(cast.vendor_reader) as actor:
        found = queries.stress(actor, cast.partner_id, ASKED)
        assert {one.measure: (one.before, one.after) for one in found.losses} == {"revenue": (40_000_00, 0), "pipeline": (0, 0)}
        with pytest.raises(NotFound):
            queries.stress(actor, won, ASKED)


@pytest.mark.parametrize(
    "arguments",
    [
        ["no_such_kpi"],
        ["ropi", "--where", "color=red"],
        ["ropi", "--segment", "program=x"],
        ["ropi", "--segment", "tier="],
        ["ropi", "--format", "xml"],
        ["\x00"],
        ["ropi", "--as-of", "yesterday"],
        ["ropi", "--as-of", "2026-02-30"],
        ["ropi", "--as-of", "1989-12-31"],
        ["ropi", "--as-of", "9999-12-31"],
        ["ropi", "--segment", "tier=gold", "--segment", "tier=silver"],
        [],
    ],
)
def test_the_command_ends_with_2_on_bad_input(cast, arguments):
    answer = CliRunner().invoke(command, arguments)

    assert (answer.exit_code, answer.stdout) == (2, "")


def test_the_command_lists_every_kpi_and_tells_each_as_of_any_day(cast, won):
    listed = list(csv.DictReader(io.StringIO(_command("--list", "--format", "csv"))))
    assert [one["name"] for one in listed] == [kpi.name for kpi in ALL]
    assert all(one["formula"] for one in listed)
    assert {one["name"] for one in listed if one["missing"]} == {
        "psat", "pnps", "enablement", "engagement_score", "capability_score",
    }  # fmt: skip
    for day in ("1990-01-01", "2031-06-30"):
        for name in ("partner_engaged_nrr", "potential_revenue", "sourced_revenue"):
            told = json.loads(_command(name, "--as-of", day, "--period", "year"))
            assert (told["as_of"], (told["value"] is None) == bool(told["reason"])) == (day, True)
    rows = list(csv.DictReader(io.StringIO(_command("sourced_revenue", "--as-of", "2026-12-31", "--rows", "--format", "csv"))))
    assert [row["net_minor"] for row in rows] == ["4000000"]
    assert _command("sourced_revenue", "--as-of", "1990-01-01", "--rows", "--format", "text") == "no rows\n"


def test_a_segment_is_partners_with_something_in_common(cast, won):
    with scope(cast.vendor_reader) as actor:
        mine, other = (
            queries.figure(actor, "sourced_revenue", queries.Asked(as_of=AS_OF, segment=Segment(partner=str(one)))).value
            for one in (cast.partner_id, cast.other_partner.pk)
        )

    assert (mine, other) == (40_000_00, 0)


def test_amounts_are_read_at_the_rate_of_their_day(cast, at):
    make_catalogue()
    with system_scope():
        Cost.objects.create(month="2026-11-01", kind="tools", amount_minor=1_000_00, currency="SEK")
        Cost.objects.create(month="2026-01-01", kind="tools", amount_minor=1_000_00, currency="SEK")
        with session(actor=SYSTEM, datasets=["kpis.costs"]) as data:
            found = data.sql("select month, base_minor from kpis_costs order by month")

    assert found == [{"month": date(2026, 1, 1), "base_minor": None}, {"month": date(2026, 11, 1), "base_minor": 91_50}]
