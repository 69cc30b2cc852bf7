"""The books at work: entries, files, the statement, what-if, deleting."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue, stored
from openprm.kernel.errors import Conflict, Invalid, NotFound, Stale
from openprm.kernel.ids import new_id
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.profitability import queries, services
from openprm.profitability.models import Change, Entry
from openprm.profitability.queries import gathering
from openprm.profitability.queries.sources import earned_by_month, funds_by_month
from openprm.profitability.rules.kinds import Basis
from openprm.profitability.testing import make_book, make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast):
    return make_book(cast.partner_admin)


@pytest.fixture
def won(cast, at):
    """A deal of 240,000.00 euro that was won this month."""
    deal = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=9))
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=deal, at=at)
    return deal


def _statement(cast, at, **asked) -> queries.Statement:
    with scope(cast.partner_admin) as actor:
        return queries.statement(actor, queries.Asked(**asked), at)


def _add(cast, at, **values):
    return make_entry(cast.partner_admin, at=at, **values)


def test_a_won_deal_leaves_its_usual_margin_less_the_effort(cast, group, won, at):
    worth = stored(won).base_amount_minor
    _add(cast, at, kind="presales", minutes=90 * 60, group_id=group, deal_id=won)
    _add(cast, at, kind="membership", amount_minor=500_00)

    found = _statement(cast, at)

    assert found.income == Money(worth // 5, "EUR")
    assert found.cost == Money(90 * 80_00 + 500_00, "EUR")
    assert found.result == Money(worth // 5 - 7_700_00, "EUR")
    assert (found.deals, found.without_margin, found.hours) == (1, 0, Decimal("90.00"))
    assert [(step.kind, step.amount.minor) for step in found.steps] == [("margin", worth // 5), ("membership", -500_00), ("presales", -7_200_00)]
    assert (found.break_even.standing, found.break_even.deals_needed) == (500_00, 1)


def test_an_entered_margin_takes_the_place_of_the_usual_one(cast, group, won, at):
    _add(cast, at, kind="margin", amount_minor=1_234_56, deal_id=won)

    assert _statement(cast, at).income == Money(1_234_56, "EUR")


def test_without_a_usual_margin_the_page_says_what_is_missing(cast, won, at):
    make_book(cast.partner_admin, margin_bp=None)

    found = _statement(cast, at)

    assert (found.income.minor, found.deals, found.without_margin) == (0, 1, 1)


@pytest.mark.parametrize("by", ["month", "quarter", "year", "program", "product_line", "deal"])
def test_every_breakdown_adds_up_to_the_whole(cast, group, won, at, by):
    _add(cast, at, kind="delivery", minutes=61, group_id=group, deal_id=won)
    _add(cast, at, kind="membership", amount_minor=333_33)

    found = _statement(cast, at, by=by)

    assert sum(line.result.minor for line in found.lines) == found.result.minor
    assert sum(one.result.minor for one in found.months) == found.result.minor


def test_what_belongs_to_the_deal_goes_to_its_program_and_its_lines(cast, group, won, at):
    _add(cast, at, kind="presales", minutes=600, group_id=group, deal_id=won)
    _add(cast, at, kind="membership", amount_minor=333_33)

    program, nothing = _statement(cast, at, by="program").lines
    only = _statement(cast, at, program_id=program.id)

    assert (program.label, nothing.label, nothing.cost.minor) == ("Halden Resell", "For no program", 333_33)
    assert only.cost.minor == 800_00
    assert _statement(cast, at, by="product_line").lines[0].hours == Decimal("10.00")


def test_another_currency_is_converted_at_the_rate_of_the_day_and_a_missing_one_is_named(cast, won, at):
    make_book(cast.partner_admin, currency="XAF")

    found = _statement(cast, at)

    assert found.income.minor == 0
    assert found.without_margin == 1
    assert any("There is no exchange rate for" in note for note in found.notes)


class _Row:
    def __init__(self, **values):
        self.__dict__.update(values)


def test_incentives_count_as_earned_or_as_paid_and_funds_with_the_own_share(cast, group, at, monkeypatch):
    month = at.date().replace(day=1)
    earned = (_Row(month=month, program_id=None, deal_id=None, currency="EUR", earned_minor=900_00, paid_minor=400_00),)
    funds = (_Row(month=month, program_id=None, deal_id=None, currency="EUR", reimbursed_minor=500_00, own_minor=200_00),)
    monkeypatch.setattr(gathering, "earned_by_month", lambda *_args: earned)
    monkeypatch.setattr(gathering, "funds_by_month", lambda *_args: funds)

    found, paid = _statement(cast, at), _statement(cast, at, basis=Basis.PAID)

    assert (found.income.minor, found.cost.minor, found.result.minor) == (1_400_00, 200_00, 1_200_00)
    assert (paid.income.minor, paid.earned.minor, paid.paid.minor, paid.outstanding.minor) == (900_00, 900_00, 400_00, 500_00)
    assert found.left_of_hundred == Decimal("85.7")


def test_the_rooms_of_incentives_and_funds_answer(cast, at):
    with scope(cast.partner_admin) as actor:
        assert earned_by_month(actor, date(2020, 1, 1), date(2027, 1, 1)) == ()
        assert funds_by_month(actor, date(2020, 1, 1), date(2027, 1, 1)) == ()


def test_a_what_if_prices_hours_anew_and_keeps_nothing(cast, group, at):
    _add(cast, at, kind="delivery", minutes=120, group_id=group)

    assert _statement(cast, at, hourly={group: 100_00}).cost == Money(200_00, "EUR")
    assert _statement(cast, at).cost == Money(160_00, "EUR")


def test_a_new_rate_holds_from_its_month_on(cast, group, at):
    _add(cast, at, kind="delivery", minutes=60, group_id=group, month=date(2026, 3, 5))
    _add(cast, at, kind="delivery", minutes=60, group_id=group, month=date(2026, 6, 5))
    with scope(cast.partner_admin) as actor:
        services.set_rate(actor=actor, group_id=group, hourly_minor=100_00, since=date(2026, 6, 1), at=at)

    assert _statement(cast, at).cost == Money(180_00, "EUR")


def test_the_trend_compares_with_the_time_before(cast, group, at):
    _add(cast, at, kind="income", amount_minor=100_00, month=date(2025, 6, 1))
    _add(cast, at, kind="income", amount_minor=150_00)

    found = _statement(cast, at)

    assert (found.before.minor, found.trend_percent, found.break_even.paid_back_in) == (100_00, 50, date(2026, 11, 1))


REFUSED = [
    ({"kind": "bribe", "amount_minor": 1}, "Choose one of"),
    ({"kind": "membership", "amount_minor": -5}, "above zero"),
    ({"kind": "membership", "amount_minor": 0}, "above zero"),
    ({"kind": "membership", "amount_minor": 10**16}, "above zero"),
    ({"kind": "membership", "minutes": 60}, "not hours"),
    ({"kind": "presales", "minutes": 60}, "which group"),
    ({"kind": "presales", "minutes": 60, "amount_minor": 5}, "either hours"),
    ({"kind": "presales", "minutes": 10**9, "group_id": "group"}, "10,000"),
    ({"kind": "membership", "month": date(2027, 1, 1)}, "has not begun"),
    ({"kind": "membership", "month": date(1999, 1, 1)}, "before the year 2000"),
    ({"kind": "presales", "minutes": 60, "group_id": "group", "month": date(2025, 3, 1)}, "no cost rate in 2025-03"),
    ({"kind": "membership", "note": "x" * 301}, "longer than 300"),
]


@pytest.mark.parametrize(("values", "words"), REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(cast, group, at, values, words):
    told = values | ({"group_id": group} if values.get("group_id") else {})

    with pytest.raises(Invalid, match=words):
        _add(cast, at, **told)

    with scope(cast.partner_admin):
        assert Entry.objects.count() == 0


def test_strangers_things_are_not_found(cast, group, at):
    other = make_approved(cast.other_partner_rep, cast.partner_manager, make_catalogue(), at=at)
    foreign = make_book(cast.other_partner_admin)

    for values in ({"deal_id": other}, {"program_id": new_id()}, {"product_line_id": new_id()}, {"kind": "presales", "minutes": 5, "group_id": foreign}):
        with pytest.raises(NotFound):
            _add(cast, at, **values)


def test_books_are_opened_before_something_is_written(cast, at):
    with pytest.raises(Conflict, match="Open your books first"):
        _add(cast, at)


def test_the_currency_stays_once_something_is_written(cast, group, at):
    with scope(cast.partner_admin) as actor, pytest.raises(Conflict, match="begin anew"):
        services.save_book(actor=actor, currency="USD", margin_bp=None, version=1, at=at)


def test_two_people_do_not_overwrite_each_other(cast, group, at):
    entry = _add(cast, at)
    draft = services.Draft(kind="membership", month=at.date(), amount_minor=600_00)
    with scope(cast.partner_admin) as actor:
        services.change_entry(actor=actor, entry_id=entry, draft=draft, version=1, at=at)
    with scope(cast.partner_admin) as actor, pytest.raises(Stale):
        services.change_entry(actor=actor, entry_id=entry, draft=draft, version=1, at=at)


def test_who_changed_what_is_kept_beside_the_books(cast, group, at):
    entry = _add(cast, at)
    with scope(cast.partner_admin) as actor:
        services.remove_entry(actor=actor, entry_id=entry, at=at)
        assert [(one.person, one.what) for one in queries.journal(actor)] == [
            ("Mika Virtanen", "entry_removed"), ("Mika Virtanen", "entry"), ("Mika Virtanen", "group"), ("Mika Virtanen", "book"),
        ]  # fmt: skip
    with scope(cast.partner_admin), pytest.raises(Exception, match="change"):
        Change.objects.update(person="Somebody")


FILE = """month;kind;hours;group;amount;deal;note;id
2026-03;presales;12,5;consultants;;;Two workshops;A1
2026-03-31;Certification;;;450.00;;=cmd;A2
"""


class TestFiles:
    def _read(self, cast, at, text: str | bytes):
        with scope(cast.partner_admin) as actor:
            return services.record_file(actor=actor, content=text if isinstance(text, bytes) else text.encode(), at=at)

    def test_become_entries_once(self, cast, group, at):
        first, second = self._read(cast, at, FILE), self._read(cast, at, FILE)

        assert ((first.created, first.known), (second.created, second.known)) == ((2, 0), (0, 2))
        with scope(cast.partner_admin):
            rows = list(Entry.objects.order_by("external_id").values_list("kind", "month", "minutes", "amount_minor", "note", "source"))
        assert rows == [
            ("presales", date(2026, 3, 1), 750, None, "Two workshops", "file"), ("certification", date(2026, 3, 1), None, 450_00, "=cmd", "file"),
        ]  # fmt: skip

    def test_without_ids_are_known_word_for_word(self, cast, group, at):
        text = "month,kind,amount\n2026-03,membership,450\n2026-04,membership,450\n"

        assert (self._read(cast, at, text).created, self._read(cast, at, text).known) == (2, 2)

    def test_name_every_row_that_cannot_be_used_and_write_none(self, cast, group, at):
        text = "month;kind;hours;group;amount;deal\n2026-03;membership;;;450;\nMarch;membership;;;450;\n2026-03;presales;1,250;consultants;;\n2026-03;presales;5;pilots;;\n2026-03;membership;;;450;DR-999999\n2026-03;membership;;;-1;\n"
        with pytest.raises(Invalid) as refused:
            self._read(cast, at, text)

        assert [problem.field for problem in refused.value.problems] == ["row 3", "row 4", "row 5", "row 6", "row 7"]
        assert "“1,250” is no number, or could be two" in refused.value.message
        with scope(cast.partner_admin):
            assert Entry.objects.count() == 0

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"", "is empty"), (b"%PDF-1.7 \0 x", "no CSV file"), (b"month;kind\n", "no rows"), (b"kind;amount\nmembership;5\n", "no column for: Month"),
         (b"month;date;kind\n2026-03;2026-03;membership\n", "Two columns"), (b'month;kind\n"2026-03;membership\n', "cut into cells"), (b"x" * 3_000_000, "larger than 2 MB")],
    )  # fmt: skip
    def test_that_are_none_are_refused_with_a_sentence(self, cast, group, at, content, words):
        with pytest.raises(Invalid, match=words):
            self._read(cast, at, content)

    def test_from_a_spreadsheet_in_another_encoding_are_read(self, cast, group, at):
        self._read(cast, at, "month;kind;amount;note\r\n2026-03;membership;1.250,50;Gebühr\r\n".encode("cp1252"))

        with scope(cast.partner_admin):
            assert Entry.objects.values_list("amount_minor", "note").get() == (1250_50, "Gebühr")


class TestPages:
    def test_lead_from_the_first_visit_to_the_statement(self, cast, at):
        client = cast.client("partner_admin")
        assert "Open our books" in client.get("/portal/our-profit/").content.decode()
        assert client.post("/portal/our-profit/settings/", {"currency": "EUR", "margin": "18,5"}).status_code == 303
        assert client.post("/portal/our-profit/groups/", {"name": "Consultants", "hourly": "80", "since": "2026-01"}).status_code == 303
        with scope(cast.partner_admin) as actor:
            (group,) = queries.book(actor, at).groups
        sent = {"kind": "presales", "month": "2026-03", "hours": "7,5", "group": str(group.id)}
        assert client.post("/portal/our-profit/entries/new/", sent).status_code == 303

        page = client.get("/portal/our-profit/?period=all&by=deal").content.decode()

        assert "€600" in page
        assert "7.5 hours" in page

    def test_show_what_a_script_says_as_text(self, cast, group, at):
        _add(cast, at, note="<script>alert(1)</script>")

        page = cast.client("partner_admin").get("/portal/our-profit/entries/").content.decode()

        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page

    def test_say_beside_the_field_what_is_wrong(self, cast, group, at):
        answer = cast.client("partner_admin").post("/portal/our-profit/entries/new/", {"kind": "membership", "month": "2026-03", "hours": "7"})

        assert answer.status_code == 422
        assert "This kind is an amount of money, not hours." in answer.content.decode()

    def test_try_other_rates_without_an_address_that_tells_them(self, cast, group, at):
        _add(cast, at, kind="delivery", minutes=120, group_id=group)
        client = cast.client("partner_admin")

        answer = client.post("/portal/our-profit/what-if/", {f"rate-{group}": "100", "period": "all"})
        wrong = client.post("/portal/our-profit/what-if/", {f"rate-{group}": "-3"})

        assert "With these rates less is left" in answer.content.decode()
        assert (wrong.status_code, "above zero" in wrong.content.decode()) == (422, True)

    def test_read_a_file(self, cast, group, at):
        client = cast.client("partner_admin")
        file = SimpleUploadedFile("effort.csv", FILE.encode(), "text/csv")

        assert client.post("/portal/our-profit/file/", {"file": file}).status_code == 303
        bad = client.post("/portal/our-profit/file/", {"file": SimpleUploadedFile("x.csv", b"month;kind\nMarch;x\n")})
        assert (bad.status_code, "Row 2" in bad.content.decode()) == (422, True)

    def test_give_everything_and_delete_everything(self, cast, group, at):
        _add(cast, at, note="Fee")
        client = cast.client("partner_admin")
        taken = json.loads(client.post("/portal/our-profit/take/").content)

        assert client.post("/portal/our-profit/forget/", {"confirm": "yes"}).status_code == 422
        assert client.post("/portal/our-profit/forget/", {"confirm": "delete"}).status_code == 303
        assert [(one["kind"], one["amount_minor"], one["note"]) for one in taken["entries"]] == [("membership", 500_00, "Fee")]
        assert taken["groups"] == [{"name": "Consultants", "rates": [{"since": "2026-01-01", "hourly_minor": 80_00}]}]
        with scope(cast.partner_admin):
            assert (Entry.objects.count(), Change.objects.count()) == (0, 0)

    def test_export_the_breakdown_and_the_entries(self, cast, group, at):
        _add(cast, at, note="=1+1")
        client = cast.client("partner_admin")

        lines = client.get("/portal/our-profit/?export=csv").content.decode("utf-8-sig").splitlines()
        entries = client.get("/portal/our-profit/entries/?export=csv").content.decode("utf-8-sig")

        assert lines[0] == "What,Income,Income currency,Cost,Cost currency,Result,Result currency,Left of 100,Hours"
        assert lines[1].startswith("Nov 2026,")
        assert "'=1+1" in entries

    def test_of_one_entry_change_it(self, cast, group, at):
        entry = _add(cast, at)
        client, path = cast.client("partner_admin"), reverse("profitability:entry", args=[entry])
        assert "500.00" in client.get(path).content.decode()

        assert client.post(path, {"kind": "membership", "month": "2026-02", "amount": "600", "version": "1"}).status_code == 303
        assert client.post(path, {"kind": "membership", "month": "2026-02", "amount": "700", "version": "1"}).status_code == 422
        with scope(cast.partner_admin):
            assert Entry.objects.values_list("amount_minor", "month").get() == (600_00, date(2026, 2, 1))


class TestApi:
    def _call(self, cast, method, path, body=None, **headers):
        client = cast.client("partner_admin")
        return client.generic(method, f"/api/v1/own-profit{path}", json.dumps(body or {}), content_type="application/json", headers=headers)

    def test_goes_from_the_book_to_the_statement(self, cast, at):
        assert self._call(cast, "PUT", "/book", {"currency": "EUR", "margin_bp": 1850}).json() == {"version": 1}
        group = self._call(cast, "POST", "/groups", {"name": "Engineers", "hourly_minor": 9000, "since": "2024-01-01"}).json()["id"]
        entry = self._call(cast, "POST", "/entries", {"kind": "training", "month": "2026-01-15", "minutes": 90, "group_id": group}).json()["id"]

        read = self._call(cast, "GET", f"/entries/{entry}").json()
        found = self._call(cast, "GET", "?period=all&by=year").json()

        assert read["amount"] == {"minor": 135_00, "currency": "EUR"}
        assert (found["cost"]["minor"], found["lines"][0]["label"], found["break_even"]["standing"]) == (135_00, "2026", 135_00)
        tried = self._call(cast, "POST", "/what-if", {"period": "all", "hourly_minor": {group: 18000}}).json()
        assert tried["cost"]["minor"] == 270_00

    def test_changes_an_entry_only_as_it_was_read(self, cast, group, at):
        entry = _add(cast, at)
        body = {"kind": "membership", "month": "2026-01-01", "amount_minor": 5}

        assert self._call(cast, "PUT", f"/entries/{entry}", body).status_code == 428
        assert self._call(cast, "PUT", f"/entries/{entry}", body, **{"If-Match": '"7"'}).status_code == 412
        assert self._call(cast, "PUT", f"/entries/{entry}", body, **{"If-Match": '"1"'}).json() == {"version": 2}
        assert self._call(cast, "DELETE", f"/entries/{entry}").status_code == 204
        assert self._call(cast, "DELETE", "").status_code == 422
        assert self._call(cast, "DELETE", "?confirm=delete").status_code == 204

    def test_keeps_one_entry_for_each_id_of_yours(self, cast, group, at):
        body = {"kind": "membership", "month": "2026-01-01", "amount_minor": 5, "external_id": "E1"}

        assert self._call(cast, "POST", "/entries", body).status_code == 201
        assert self._call(cast, "POST", "/entries", body).status_code == 409
        assert self._call(cast, "POST", "/entries/bulk", {"items": [body | {"external_id": ""}, body]}).status_code == 409
        with scope(cast.partner_admin):
            assert Entry.objects.count() == 1


def test_nothing_of_it_reaches_the_systems_scope(cast, group, at):
    _add(cast, at, note="Fee", month=datetime(2026, 3, 1, tzinfo=UTC).date())

    with system_scope():
        assert Entry.objects.count() == 0
