"""Posting: what the books take, once, and what they refuse."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openprm.audit.models import Event
from openprm.deals.models import ExchangeRate
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.money import Money
from openprm.kernel.registry import registry
from openprm.kernel.scope import scope
from openprm.ledger import queries as books
from openprm.ledger import services as ledger
from openprm.ledger.models import Account, Entry, Leg, Turnover
from openprm.ledger.ports import AccountKind, Unposted
from openprm.ledger.queries import kinds
from openprm.ledger.services import Leg as Line

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def pair(amount, owner, currency="EUR"):
    return (
        Line(account="fx.difference", amount_minor=amount, currency=currency),
        Line(account="partner.payable", owner_id=owner, amount_minor=-amount, currency=currency),
    )


def test_an_entry_moves_both_accounts(cast, at, as_actor):
    with as_actor(cast.vendor_admin):
        posted = ledger.post(actor=cast.vendor_admin, kind="test.one", key="k1", legs=pair(12_50, cast.partner.pk), value_date=DAY, memo="a", at=at)

        assert posted.is_new
        assert posted.number.startswith("J-")
        assert books.balance("partner.payable", cast.partner.pk) == -12_50
        assert books.balance("fx.difference", currency="EUR") == 12_50
        assert Turnover.objects.values_list("month", "debit_minor", "credit_minor").order_by("debit_minor")[0] == (date(2026, 11, 1), 0, 12_50)


def test_the_same_key_is_booked_once(cast, at, as_actor):
    with as_actor(SYSTEM):
        first = ledger.post(actor=SYSTEM, kind="test.one", key="k1", legs=pair(5, cast.partner.pk), value_date=DAY, at=at)
        again = ledger.post(actor=SYSTEM, kind="test.one", key="k1", legs=pair(5, cast.partner.pk)[::-1], value_date=DAY, at=at)
        with pytest.raises(ledger.KeyUsed):
            ledger.post(actor=SYSTEM, kind="test.one", key="k1", legs=pair(6, cast.partner.pk), value_date=DAY, at=at)

        assert (again.entry_id, again.number, again.is_new) == (first.entry_id, first.number, False)
        assert books.balance("partner.payable", cast.partner.pk) == -5
        assert (Entry.objects.count(), Leg.objects.count()) == (1, 2)


@pytest.mark.parametrize(("change", "place"), [
    ({"legs": ()}, "legs"),
    ({"legs": (Line(account="rounding", amount_minor=5, currency="EUR"), Line(account="cash.bank", amount_minor=-4, currency="EUR"))}, "legs"),
    ({"legs": (Line(account="rounding", amount_minor=5, currency="EUR"), Line(account="cash.bank", amount_minor=-5, currency="USD"))}, "legs"),
    ({"legs": (Line(account="no.such", amount_minor=5, currency="EUR"), Line(account="cash.bank", amount_minor=-5, currency="EUR"))}, "legs[0].account"),
    ({"legs": (Line(account="rounding", amount_minor=5, currency="EURO"), Line(account="cash.bank", amount_minor=-5, currency="EURO"))}, "legs[0].currency"),
    ({"legs": (Line(account="rounding", amount_minor=0, currency="EUR"), Line(account="cash.bank", amount_minor=0, currency="EUR"))}, "legs[0].amount_minor"),
    ({"legs": (Line(account="rounding", amount_minor=5.0, currency="EUR"), Line(account="cash.bank", amount_minor=-5, currency="EUR"))}, "legs[0].amount_minor"),
    ({"legs": (Line(account="rounding", amount_minor=10**16, currency="EUR"), Line(account="cash.bank", amount_minor=-(10**16), currency="EUR"))}, "legs[0].amount_minor"),
    ({"key": ""}, "key"),
    ({"key": "k" * 201}, "key"),
    ({"memo": "m" * 301}, "memo"),
    ({"value_date": date(1999, 12, 31)}, "value_date"),
])  # fmt: skip
def test_what_is_wrong_with_an_entry_is_said_and_nothing_is_booked(cast, at, change, place):
    draft = {"kind": "test.one", "key": "k", "legs": pair(5, cast.partner.pk), "value_date": DAY, "memo": ""} | change
    with scope(SYSTEM):
        with pytest.raises(Invalid) as refused:
            ledger.post(actor=SYSTEM, at=at, **draft)

        assert refused.value.problems[0].field == place
        assert (Entry.objects.count(), Account.objects.count()) == (0, 0)


def test_an_entry_moves_the_money_of_one_partner(cast, at):
    legs = (
        Line(account="partner.payable", owner_id=cast.partner.pk, amount_minor=5, currency="EUR"),
        Line(account="partner.payable", owner_id=cast.other_partner.pk, amount_minor=-5, currency="EUR"),
    )
    with scope(SYSTEM), pytest.raises(Invalid, match="one partner"):
        ledger.post(actor=SYSTEM, kind="test.one", key="k", legs=legs, value_date=DAY, at=at)


def test_an_account_with_a_floor_never_falls_below_it(cast, at, monkeypatch):
    floored = AccountKind(code="test.fund", title="Fund", normal="credit", gl_code="3600", group="liability", floor=0)
    monkeypatch.setitem(kinds(), "test.fund", floored)

    def move(key, minor):
        legs = (Line(account="test.fund", amount_minor=-minor, currency="EUR"), Line(account="rounding", amount_minor=minor, currency="EUR"))
        return ledger.post(actor=SYSTEM, kind="test.fund", key=key, legs=legs, value_date=DAY, at=at)

    with scope(SYSTEM):
        move("grant", 100)
        with pytest.raises(ledger.BelowFloor, match="Fund"):
            move("claim", -101)
        assert books.balance("test.fund") == -100
        move("claim", -100)
        assert books.balance("test.fund") == 0


def test_a_partner_that_acts_posts_through_the_system_and_reads_its_own_alone(cast, at):
    with scope(cast.partner_rep):
        ledger.post(actor=cast.partner_rep, kind="test.one", key="k", legs=pair(700, cast.partner.pk), value_date=DAY, at=at)

        assert books.balance("partner.payable", cast.partner.pk) == -700
        assert books.balance("fx.difference", currency="EUR") == 0
    with scope(cast.other_partner_rep):
        assert books.balances("partner.payable") == {}


def test_a_correction_of_a_closed_month_goes_into_the_next_open_one(cast, at):
    with scope(SYSTEM):
        first = ledger.post(actor=SYSTEM, kind="test.one", key="k", legs=pair(5, cast.partner.pk), value_date=date(2026, 9, 30), at=at)
        seen = books.closing(SYSTEM, date(2026, 9, 1), at).seen
        ledger.close_period(actor=SYSTEM, month=date(2026, 9, 1), seen=seen, at=at)
        kept = (books.seal_of(date(2026, 9, 1)), books.trial_balance(date(2026, 9, 30)))

        with pytest.raises(ledger.PeriodClosed, match="2026-10-01"):
            ledger.post(actor=SYSTEM, kind="test.one", key="late", legs=pair(7, cast.partner.pk), value_date=date(2026, 9, 1), at=at)
        with pytest.raises(ledger.PeriodClosed):
            ledger.post(actor=SYSTEM, kind="test.one", key="late", legs=pair(7, cast.partner.pk), value_date=date(2026, 8, 1), at=at)
        undone = ledger.reverse(actor=SYSTEM, entry_id=first.entry_id, reason="Wrong deal.", key="undo", at=datetime(2026, 9, 30, tzinfo=UTC))

        assert Entry.objects.get(pk=undone.entry_id).value_date == date(2026, 10, 1)
        assert books.balance("partner.payable", cast.partner.pk) == 0
        assert (books.seal_of(date(2026, 9, 1)), books.trial_balance(date(2026, 9, 30))) == kept
        assert ledger.post(actor=SYSTEM, kind="test.one", key="k", legs=pair(5, cast.partner.pk), value_date=date(2026, 9, 30), at=at).is_new is False


def test_a_month_closes_over_nothing_that_nobody_looked_at(cast, at):
    with scope(SYSTEM):
        ledger.post(actor=SYSTEM, kind="test.one", key="k", legs=pair(5, cast.partner.pk), value_date=date(2026, 9, 30), at=at)
        seen = books.closing(SYSTEM, date(2026, 9, 1), at).seen
        ledger.post(actor=SYSTEM, kind="test.one", key="k2", legs=pair(5, cast.partner.pk), value_date=date(2026, 9, 30), at=at)

        with pytest.raises(ledger.LookAgain):
            ledger.close_period(actor=SYSTEM, month=date(2026, 9, 1), seen=seen, at=at)
        assert not books.is_closed(date(2026, 9, 30))


def test_what_is_not_posted_is_seen_and_needs_a_note(cast, at, monkeypatch):
    class Source:
        code, label = "test", "Test"

        def unposted(self, *, month, at):
            return [Unposted(id=cast.partner.pk, number="E-1", label="An earning", amount_minor=5, currency="EUR")]

    read = registry.filling
    monkeypatch.setattr(type(registry), "filling", lambda self, port: (Source(),) if port == "ledger.unposted" else read(port))
    with scope(SYSTEM):
        ledger.post(actor=SYSTEM, kind="test.one", key="k", legs=pair(5, cast.partner.pk), value_date=date(2026, 9, 30), at=at)
        found = books.closing(SYSTEM, date(2026, 9, 1), at)
        assert [(group.label, group.items[0].number) for group in found.groups] == [("Test", "E-1")]
        with pytest.raises(Invalid, match="Say why"):
            ledger.close_period(actor=SYSTEM, month=date(2026, 9, 1), seen=found.seen, at=at)
        ledger.close_period(actor=SYSTEM, month=date(2026, 9, 1), seen=found.seen, note="Disputed.", at=at)

        assert books.period(SYSTEM, date(2026, 9, 1), at).unposted_count == 1
        assert Event.objects.filter(verb="ledger.closed").count() == 1


def test_months_close_in_their_order_and_after_their_end(cast, at):
    with scope(SYSTEM):
        for month in (9, 10, 11):
            ledger.post(actor=SYSTEM, kind="test.one", key=f"k{month}", legs=pair(5, cast.partner.pk), value_date=date(2026, month, 3), at=at)
        for month, words in ((10, "Close 2026-09 first"), (11, "not over")):
            seen = books.closing(SYSTEM, date(2026, month, 1), at).seen
            with pytest.raises(Conflict, match=words):
                ledger.close_period(actor=SYSTEM, month=date(2026, month, 1), seen=seen, at=at)
        assert books.last_closed() is None


def test_only_finance_closes(cast, at):
    with scope(SYSTEM):
        ledger.post(actor=SYSTEM, kind="test.one", key="k", legs=pair(5, cast.partner.pk), value_date=date(2026, 9, 3), at=at)
    for actor in (cast.partner_manager, cast.vendor_reader):
        with scope(actor), pytest.raises(NotAllowed):
            ledger.close_period(actor=actor, month=date(2026, 9, 1), seen="", at=at)
    with scope(cast.partner_rep), pytest.raises(NotFound):
        ledger.close_period(actor=cast.partner_rep, month=date(2026, 9, 1), seen="", at=at)


def test_a_statement_begins_where_the_books_stood(cast, at):
    with scope(SYSTEM):
        for day, amount in ((date(2026, 9, 3), 100), (date(2026, 10, 3), 20), (date(2026, 10, 9), 3), (date(2026, 11, 2), 5000)):
            ledger.post(actor=SYSTEM, kind="test.one", key=str(day), legs=pair(amount, cast.partner.pk), value_date=day, memo="Q", at=at)
    with scope(cast.partner_admin):
        found = books.statement(cast.partner_admin, "partner.payable", cast.partner.pk, "EUR", date(2026, 10, 4), date(2026, 10, 31))

        assert (found.opening.minor, found.closing.minor) == (120, 123)
        assert [(line.day, line.amount.minor, line.balance.minor) for line in found.lines] == [(date(2026, 10, 9), 3, 123)]
        with pytest.raises(NotFound):
            books.statement(cast.partner_admin, "partner.payable", cast.other_partner.pk, "EUR", date(2026, 10, 4), date(2026, 10, 31))


def test_the_trial_balance_of_any_day_is_what_was_booked_up_to_it(cast, at):
    with scope(SYSTEM):
        for day, amount in ((date(2026, 9, 3), 100), (date(2026, 10, 3), 20), (date(2026, 10, 9), 3)):
            ledger.post(actor=SYSTEM, kind="test.one", key=str(day), legs=pair(amount, cast.partner.pk), value_date=day, at=at)

        sums = {
            day: [line.balance.minor for line in books.trial_balance(day).lines]
            for day in (date(2026, 9, 2), date(2026, 9, 30), date(2026, 10, 3), date(2026, 10, 31))
        }
        assert sums == {date(2026, 9, 2): [], date(2026, 9, 30): [100, 100], date(2026, 10, 3): [120, 120], date(2026, 10, 31): [123, 123]}
        assert books.prove().holds


@pytest.fixture
def rates(cast):
    with scope(SYSTEM):
        for currency, rate, day in (("SEK", "0.0915", 1), ("SEK", "0.0920", 10), ("USD", "0.86", 5)):
            ExchangeRate.objects.create(currency=currency, base="EUR", rate=Decimal(rate), rate_date=date(2026, 10, day), source="ECB")


def test_rates_are_those_of_the_day_and_cross_over_the_reporting_currency(rates):
    with scope(SYSTEM):
        assert ledger.rate(currency="SEK", to="EUR", on=date(2026, 10, 9)).rate == Decimal("0.0915")
        assert ledger.rate(currency="EUR", to="EUR", on=date(2026, 10, 9)).rate == 1
        crossed = ledger.convert(Money(1000_00, "SEK"), to="USD", on=date(2026, 10, 9))
        assert (crossed.money, crossed.rate.rate, crossed.rate.rate_date) == (Money(106_40, "USD"), Decimal("0.1063953488"), date(2026, 10, 1))
        assert ledger.convert(Money(1, "EUR"), to="USD", on=date(2026, 10, 9)).money == Money(1, "USD")


@pytest.mark.parametrize(("currency", "day"), [("USD", date(2026, 10, 4)), ("NOK", date(2026, 10, 9))])
def test_a_currency_without_a_rate_on_the_day_is_refused(rates, currency, day):
    with scope(SYSTEM), pytest.raises(ledger.NoRate, match=currency):
        ledger.convert(Money(100, currency), to="EUR", on=day)


def test_the_rate_stays_on_the_entry(rates, cast, at):
    with scope(SYSTEM):
        used = ledger.rate(currency="SEK", to="EUR", on=DAY).used()
        posted = ledger.post(actor=SYSTEM, kind="test.one", key="k", legs=pair(5, cast.partner.pk, "SEK"), value_date=DAY, fx=used, at=at)
        ExchangeRate.objects.create(currency="SEK", base="EUR", rate=Decimal("0.1"), rate_date=date(2026, 10, 11))

        entry = books.entry(SYSTEM, posted.entry_id)
        assert (entry.fx_currency, entry.fx_to, entry.fx_rate, entry.fx_date) == ("SEK", "EUR", Decimal("0.0920"), date(2026, 10, 10))
