"""Touches from files of strangers, through the command: taken whole or not at all, tried, told again, taken back."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from openprm.accounts.testing import make_account
from openprm.attribution import services
from openprm.attribution.models import Touch
from openprm.attribution.testing import OCTOBER, make_run, make_touch, make_win
from openprm.attribution.transfer import TouchImporter
from openprm.kernel.errors import NotAllowed
from openprm.kernel.registry import registry
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
HEADING = "id,partner,customer,kind,date,summary,value\n"
GOOD = "T1,Kallio Digital,Ostrava Steelworks,event,2026-09-10,Guest at the user day,100\n"


@pytest.fixture
def known(cast) -> UUID:
    """A customer that the files name."""
    return make_account(name="Ostrava Steelworks", partner_id=cast.partner_id)


def bring(tmp_path, content: str | bytes, *options: str) -> tuple[Result, dict]:
    path = tmp_path / "touches.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return _run("import", str(path), "--entity", "touches", "--format", "json", *options)


def _run(name: str, *arguments: str) -> tuple[Result, dict]:
    command = next(one for one in registry.all("commands") if one.name == name)
    done = CliRunner().invoke(command, arguments)
    return done, json.loads(done.stdout) if done.stdout.startswith("{") else {}


def written() -> list[tuple]:
    with system_scope():
        return list(Touch.objects.filter(struck_at=None).order_by("occurred_at", "id").values_list("kind", "occurred_at", "summary"))


def refused(found: dict) -> set[tuple]:
    return {(one["column"], one["text"], tuple(one["rows"])) for one in found["findings"] if one["kind"] == "refused"}


def test_a_touch_of_a_file_is_verified_and_known_the_next_time(known, tmp_path):
    done, found = bring(tmp_path, HEADING + GOOD)
    again = bring(tmp_path, HEADING + GOOD)[1]

    assert (done.exit_code, found["counts"]["create"], again["counts"]["same"], again["counts"]["create"]) == (0, 1, 1, 0)
    assert written() == [("event", datetime(2026, 9, 10, tzinfo=UTC), "Guest at the user day")]


def test_a_file_without_ids_is_written_once_too(known, tmp_path):
    text = "partner,customer,kind,date,summary\nKallio Digital,Ostrava Steelworks,event,2026-09-10,Guest\n"
    bring(tmp_path, text)

    again = bring(tmp_path, text + "Kallio Digital,Ostrava Steelworks,event,2026-09-11,Guest\n")[1]

    assert (again["counts"]["same"], again["counts"]["create"]) == (1, 1)
    assert len(written()) == 2


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("T2,Nobody Ltd,Ostrava Steelworks,event,2026-09-10,,", "partner", "there is no “Nobody Ltd”"),
        ("T2,Kallio Digital,Unknown Works,event,2026-09-10,,", "customer", "there is no “Unknown Works”"),
        ("T2,Kallio Digital,Ostrava Steelworks,event,2199-01-01,,", "date", "2199-01-01 lies in the future. Only what has happened is imported."),
        ("T2,Kallio Digital,Ostrava Steelworks,event,1999-12-31,,", "date", "1999-12-31 is before the year 2000. Check the order of day, month and year."),
        ("T1,Kallio Digital,Ostrava Steelworks,demo,2026-09-11,,", "id", "“T1” is in row 2 already"),
        ("T2,Kallio Digital,Ostrava Steelworks,event,2026-09-10", "", "has 5 cells where the heading has 7"),
        ("T2,Kallio Digital,Ostrava Steelworks,event,2026-09-10,=1+1,", "", "column “summary” holds a formula; save the file with values"),
        ("T2,Kallio Digital,Ostrava Steelworks,event,2026-09-10,a\x00b,", "", "column “summary” holds a NUL byte"),
        (f"T2,Kallio Digital,Ostrava Steelworks,event,2026-09-10,{'x' * 301},", "summary", "is longer than 300 characters"),
        ("T2,,Ostrava Steelworks,event,2026-09-10,,", "partner", "is empty, and every row needs it"),
    ],
)
def test_one_bad_row_is_named_and_keeps_everything_out(known, tmp_path, row, column, message):
    done, found = bring(tmp_path, HEADING + GOOD + row + "\n")

    assert (done.exit_code, found["status"]) == (2, "failed")
    assert (column, message, (3,)) in refused(found)
    assert written() == []


@pytest.mark.parametrize("kind", ["-5", "helped somehow"])
def test_a_kind_that_is_none_and_a_day_that_is_none_are_named(known, tmp_path, kind):
    done, found = bring(tmp_path, HEADING + f"T1,Kallio Digital,Ostrava Steelworks,{kind},2026-09-10,,\nT2,Kallio Digital,Ostrava Steelworks,event,-5,,\n")

    assert done.exit_code == 2
    assert {(column, rows) for column, _text, rows in refused(found)} == {("kind", (2,)), ("date", (3,))}
    assert written() == []


def test_the_same_row_twice_without_an_id_is_named(known, tmp_path):
    row = "Kallio Digital,Ostrava Steelworks,event,2026-09-10,Guest\n"

    done, found = bring(tmp_path, "partner,customer,kind,date,summary\n" + row + row)

    assert done.exit_code == 2
    assert refused(found) == {("", "This touch is recorded already.", (3,))}
    assert written() == []


def test_bytes_of_another_encoding_are_asked_about_and_then_read(known, tmp_path):
    content = (HEADING + GOOD.replace("Guest", "Gäst på mässan")).encode("cp1252")

    done, _found = bring(tmp_path, content)
    assert done.exit_code != 0
    assert "row 2" in str(done.exception)
    assert written() == []

    assert bring(tmp_path, content, "--encoding", "cp1252")[0].exit_code == 0
    assert written()[0][2] == "Gäst på mässan at the user day"


def test_a_dry_run_says_the_same_and_writes_nothing(known, tmp_path):
    done, found = bring(tmp_path, HEADING + GOOD, "--dry-run")

    assert (done.exit_code, found["counts"]["create"], found["is_trial"]) == (0, 1, True)
    assert written() == []


def test_good_rows_are_loaded_by_choice(known, tmp_path):
    found = bring(tmp_path, HEADING + GOOD + "T2,Nobody Ltd,Ostrava Steelworks,event,2026-09-10,,\n", "--skip-bad-rows")[1]

    assert (found["counts"]["create"], found["counts"]["refuse"]) == (1, 1)
    assert len(written()) == 1


def test_a_known_touch_that_says_something_else_is_refused(known, tmp_path):
    bring(tmp_path, HEADING + GOOD)

    done, found = bring(tmp_path, HEADING + GOOD.replace("event", "demo"))

    assert done.exit_code == 2
    assert refused(found) == {("", "A touch is history and is not changed by an import. Take the import back that brought it.", (2,))}
    assert [kind for kind, *_rest in written()] == ["event"]


def test_an_import_is_taken_back_struck_and_can_come_again(known, tmp_path):
    import_id = bring(tmp_path, HEADING + GOOD)[1]["id"]

    done, _nothing = _run("import-undo", import_id)

    assert "1 rows removed" in done.output
    assert written() == []
    with system_scope():
        assert Touch.objects.get().struck_reason == "The import that brought it was taken back."
    assert bring(tmp_path, HEADING + GOOD)[1]["counts"]["create"] == 1


def test_a_touch_after_the_close_is_no_touch_of_that_deal(cast, at, known, tmp_path):
    closed = make_win(known, closed_on=date(2026, 10, 5))
    later = make_win(known, closed_on=date(2026, 10, 20))
    bring(tmp_path, HEADING + GOOD.replace("2026-09-10", "2026-10-10"))
    make_run(at=datetime(2199, 1, 1, tzinfo=UTC))

    with system_scope(), connection.cursor() as cursor:
        cursor.execute("select deal_id, outcome from attribution_result")
        assert dict(cursor.fetchall()) == {closed: "unattributed", later: "influenced"}


def test_a_file_that_comes_after_the_lock_changes_no_locked_number(cast, at, known, tmp_path):
    make_win(known)
    make_touch(cast.other_partner_id, known, at=at)
    made = make_run(at=at)
    with scope(cast.finance_manager) as actor:
        services.lock_month(actor=actor, month=OCTOBER, at=at)
    import_id = bring(tmp_path, HEADING + GOOD)[1]["id"]
    _run("import-undo", import_id)

    with scope(cast.vendor_reader) as actor:
        assert services.replay(actor=actor, run_id=made.run_id).is_equal


def test_a_partner_and_a_reader_import_nothing(cast, at, known):
    row = {"external_id": "T1", "partner": cast.partner_id, "account": known, "kind": "event", "occurred_date": date(2026, 9, 10)}
    for actor in (cast.partner_admin, cast.vendor_reader):
        with scope(actor), pytest.raises(NotAllowed):
            TouchImporter().create(actor=actor, rows=[row], source="fair", at=at)
    assert written() == []
