"""The files that accountants' programs import."""

import csv
import io
import zipfile
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.ledger.rules.journals import Batch, JournalEntry, JournalLeg, NotForThisFormat, datev, general, pairs, quickbooks, xero
from openprm.ledger.rules.journals.datev import COLUMNS

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def leg(code, minor, currency="EUR", places=2):
    return JournalLeg(code=code, account=f"Account {code}", amount_minor=minor, currency=currency, places=places)


def batch(*legs, memo="Q3", partner="Sintra Systems", rate=None, **settings):
    made = JournalEntry(
        number="J-000007", day=date(2026, 11, 20), kind="Earnings approved", memo=memo, partner=partner, legs=legs, posted_at=AT, by="Olav Moen",
        fx_rate=rate, fx_currency="USD" if rate else "", fx_to="EUR" if rate else "",
    )  # fmt: skip
    span = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)} | {name: settings.pop(name) for name in ("since", "until") if name in settings}
    return Batch(**span, entries=(made,), base_currency="EUR", made_at=AT, made_by="Olav Moen", settings=settings)


def rows(body):
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_a_datev_batch_has_its_head_and_one_row_for_each_pair_of_accounts():
    body = datev(batch(leg("6000", 12_50), leg("6969", 50), leg("3500", -13_00), datev_consultant=29098, datev_client=55003))
    head, names, *lines = body.decode("cp1252").split("\r\n")

    assert head.split(";")[:5] == ['"EXTF"', "700", "21", '"Buchungsstapel"', "13"]
    assert head.split(";")[10:16] == ["29098", "55003", "20260101", "4", "20261101", "20261130"]
    assert (len(head.split(";")), len(COLUMNS), len(names.split(";"))) == (31, 125, 125)
    assert [line.split(";")[:14] for line in lines if line] == [
        ["12,50", '"S"', '"EUR"', "", "", "", "6000", "3500", "", "2011", '"J-000007"', "", "", '"Earnings approved, Sintra Systems, Q3"'],
        ["0,50", '"S"', '"EUR"', "", "", "", "6969", "3500", "", "2011", '"J-000007"', "", "", '"Earnings approved, Sintra Systems, Q3"'],
    ]
    assert {len(line.split(";")) for line in lines if line} == {125}


def test_datev_says_what_it_cannot_take():
    for made in (
        batch(leg("Fees", 5), leg("3500", -5)),
        batch(leg("600000", 5), leg("3500", -5)),
        batch(leg("6000", 5, "BHD", 3), leg("3500", -5, "BHD", 3)),
        batch(leg("6000", 5), leg("3500", -5), since=date(2025, 12, 1)),
    ):
        with pytest.raises(NotForThisFormat):
            datev(made)


def test_datev_turns_the_rate_around():
    body = datev(batch(leg("6000", 100_00, "USD"), leg("3500", -100_00, "USD"), rate=Decimal("0.8")))

    assert body.decode("cp1252").split("\r\n")[2].split(";")[:4] == ["100,00", '"S"', '"USD"', "1,250000"]


def test_datev_books_in_fiscal_years_that_begin_in_any_month():
    head = datev(batch(leg("6000", 5), leg("3500", -5), fiscal_year_start=7)).decode("cp1252").split("\r\n")[0]

    assert head.split(";")[12] == "20260701"


def test_xero_reads_debits_above_zero_and_credits_below():
    heading, first, second = rows(xero(batch(leg("6000", 12_50), leg("3500", -12_50))))

    assert heading[:6] == ["*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount"]
    assert first[:6] == ["J-000007 Earnings approved, Sintra Systems, Q3", "20/11/2026", "Earnings approved, Sintra Systems, Q3", "6000", "Tax Exempt", "12.50"]
    assert second[3:6] == ["3500", "Tax Exempt", "-12.50"]


def many(entries, legs):
    """Entries with this many legs each, in a span of one month."""
    found = tuple(
        replace(batch(*[leg("6000", 1)] * (legs - 1), leg("3500", 1 - legs)).entries[0], number=f"J-{number:06d}") for number in range(1, entries + 1)
    )
    return replace(batch(leg("6000", 1), leg("3500", -1)), entries=found)


def test_xero_takes_300_lines_in_a_file_so_a_longer_span_becomes_several_with_whole_journals():
    assert len(rows(xero(many(3, 100)))) == 301
    with zipfile.ZipFile(io.BytesIO(xero(many(7, 100)))) as archive:
        names = archive.namelist()
        parts = [rows(archive.read(name)) for name in names]

    assert names == ["xero-manual-journals-1-of-3.csv", "xero-manual-journals-2-of-3.csv", "xero-manual-journals-3-of-3.csv"]
    assert [len(part) - 1 for part in parts] == [300, 300, 100]
    assert {part[0][0] for part in parts} == {"*Narration"}
    for part in parts:
        assert sum(Decimal(line[5]) for line in part[1:]) == 0
    assert xero(many(7, 100)) == xero(many(7, 100))


def test_xero_says_which_journal_is_longer_than_its_files():
    with pytest.raises(NotForThisFormat, match="J-000001"):
        xero(many(1, 301))


def test_a_span_without_entries_is_a_file_with_its_heading_alone():
    assert len(rows(xero(many(0, 2)))) == 1


def test_quickbooks_reads_debits_and_credits_beside_each_other_and_one_entry_for_each_currency():
    _heading, *lines = rows(quickbooks(batch(leg("Fees", 12_50), leg("Fx", -12_50), leg("Fx", 1000, "JPY", 0), leg("Payables", -1000, "JPY", 0))))

    assert [(line[0], line[1], line[2], line[3], line[4], line[7]) for line in lines] == [
        ("J-000007", "11/20/2026", "Fees", "12.50", "", "EUR"),
        ("J-000007", "11/20/2026", "Fx", "", "12.50", "EUR"),
        ("J-000007-JPY", "11/20/2026", "Fx", "1000", "", "JPY"),
        ("J-000007-JPY", "11/20/2026", "Payables", "", "1000", "JPY"),
    ]


@pytest.mark.parametrize("hostile", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_is_run_by_a_spreadsheet(hostile):
    made = batch(leg("6000", 5), leg("3500", -5), memo=hostile, partner=hostile)

    for format in (general, xero, quickbooks):
        for line in rows(format(made))[1:]:
            for cell in line:
                assert not cell.startswith(("=", "+", "@", "\t", "-")) or cell.lstrip("-").replace(".", "").isdigit()


def test_the_general_ledger_holds_every_leg():
    _heading, *lines = rows(general(batch(leg("6000", 12_50), leg("3500", -12_50))))

    assert [line[5:10] for line in lines] == [["6000", "Account 6000", "12.50", "0", "EUR"], ["3500", "Account 3500", "0", "12.50", "EUR"]]


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(-(10**9), 10**9).filter(bool)), min_size=1, max_size=12))
def test_pairs_debit_and_credit_each_account_exactly_as_the_legs_do(found):
    rest = -sum(minor for _code, minor in found)
    legs = [leg(code, minor) for code, minor in found] + ([leg("Z", rest)] if rest else [])
    debits, credits = defaultdict(int), defaultdict(int)

    for one in pairs(legs):
        assert one.amount_minor > 0
        debits[one.debit.code] += one.amount_minor
        credits[one.credit.code] += one.amount_minor

    for code in "ABCDZ":
        assert debits[code] == sum(one.amount_minor for one in legs if one.code == code and one.amount_minor > 0)
        assert credits[code] == -sum(one.amount_minor for one in legs if one.code == code and one.amount_minor < 0)
