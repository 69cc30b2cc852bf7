import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.deals.rules.chain import BadChain, ChainStep, open_position, parse_chain
from openprm.deals.rules.conflict import (
    Candidate,
    CustomerFacts,
    Deal,
    FindingKind,
    OtherOpportunity,
    OtherProtection,
    OtherRegistration,
    Surroundings,
    Verdict,
    check,
    resolve,
)
from openprm.deals.rules.draft import LineDraft, RegistrationDraft, changed_fields
from openprm.deals.rules.evidence import Side, compare
from openprm.deals.rules.fx import Rate, book, convert_minor, rate_on
from openprm.deals.rules.lifecycle import FINAL, TRANSITIONS, WAITS_FOR_VENDOR, Status, editable_fields, is_locked, locked_changes, may_follow
from openprm.deals.rules.precheck import PER_PARTNER_DAY, PER_PERSON_HOUR, Answer, Usage, answer_of, is_over_limit
from openprm.deals.rules.window import WindowStart, WindowTerms, curve, days_left, extended_end, reminder_due, window_of
from openprm.deals.wording import partner_sentence, vendor_sentence
from openprm.kernel.files import safe_name, sniff

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
US, THEM, THIRD = (UUID(int=number) for number in (1, 2, 3))
MES, EDGE = UUID(int=11), UUID(int=12)
NORDICS, WORLD = UUID(int=21), UUID(int=22)
ACCOUNT, OTHER_ACCOUNT = UUID(int=31), UUID(int=32)
ONE, TWO = UUID(int=41), UUID(int=42)
DEAL = Deal(partner_id=US, line_ids=frozenset({MES}), territory_id=WORLD, registration_id=ONE)
KNOWN = CustomerFacts(account_id=ACCOUNT)


# Lifecycle
def test_every_status_is_reached_and_the_final_ones_are_left_by_nothing():
    reached = {then for following in TRANSITIONS.values() for then in following}

    assert set(TRANSITIONS) == set(Status)
    assert reached == set(Status) - {Status.DRAFT}
    assert {Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED, Status.CLOSED_WON, Status.CANCELED} == FINAL


def test_a_withdrawal_comes_before_approval_only():
    assert {now for now in Status if may_follow(now, Status.WITHDRAWN)} == WAITS_FOR_VENDOR | {Status.RETURNED}


def test_a_returned_registration_opens_the_named_fields_only():
    assert editable_fields("returned", ["title", "status", "lines"]) == {"title", "lines"}
    assert editable_fields("submitted", ["title"]) == frozenset()
    assert "currency" in editable_fields("draft", [])
    assert locked_changes("returned", ["title"], ["lines", "title", "currency"]) == ("currency", "lines")
    assert (is_locked("draft"), is_locked("returned"), is_locked("approved")) == (False, False, True)


# Window
def test_a_window_starts_at_approval_or_at_submission():
    submitted, approved = NOON, NOON + 3 * DAY

    assert window_of(WindowTerms(90), submitted_at=submitted, approved_at=approved).ends_at == NOON + 93 * DAY
    early = window_of(WindowTerms(90, starts=WindowStart.SUBMISSION), submitted_at=submitted, approved_at=approved)
    assert (early.starts_at, early.ends_at) == (NOON, NOON + 90 * DAY)


def test_a_window_that_starts_at_submission_lasts_a_day_past_a_very_late_approval():
    late = window_of(WindowTerms(10, starts=WindowStart.SUBMISSION), submitted_at=NOON, approved_at=NOON + 30 * DAY)
    assert late.ends_at == NOON + 31 * DAY


def test_bonus_days_of_a_remedy_make_the_window_longer():
    assert window_of(WindowTerms(60, bonus_days=14), submitted_at=NOON, approved_at=NOON).ends_at == NOON + 74 * DAY
    assert extended_end(NOON, 30) == NOON + 30 * DAY


def test_the_curve_marks_every_thirty_days():
    drawn = curve(NOON, NOON + 90 * DAY, NOON + 45 * DAY)

    assert (drawn.percent, drawn.days_total, drawn.days_left, drawn.over, drawn.tone) == (50.0, 90, 45, False, "ok")
    assert [(tick.percent, tick.day) for tick in drawn.ticks] == [(33.3, 30), (66.7, 60)]


@pytest.mark.parametrize(
    ("at", "percent", "left", "tone"),
    [(NOON - DAY, 0.0, 91, "ok"), (NOON + 80 * DAY, 88.9, 10, "warn"), (NOON + 90 * DAY, 100.0, 0, "bad"), (NOON + 99 * DAY, 100.0, 0, "bad")],
)
def test_the_curve_stays_within_its_track(at, percent, left, tone):
    drawn = curve(NOON, NOON + 90 * DAY, at)
    assert (drawn.percent, drawn.days_left, drawn.tone) == (percent, left, tone)


def test_a_started_day_still_counts():
    assert days_left(NOON + DAY, NOON + timedelta(hours=1)) == 1
    assert days_left(NOON, NOON) == 0


@pytest.mark.parametrize(
    ("days_before", "reminded", "due"),
    [(20, None, None), (14, None, 14), (13, 14, None), (7, 14, 7), (6, None, 7), (1, 7, 1), (0.5, 1, None), (0.5, None, 1), (0, None, None), (-1, None, None)],
)
def test_the_nearest_reminder_is_sent_once(days_before, reminded, due):
    assert reminder_due(NOON, NOON - timedelta(days=days_before), reminded) == due


# Currency
def test_conversion_is_exact_and_rounds_half_to_even():
    assert convert_minor(100_00, rate=Decimal("0.0915"), places=2, base_places=2) == 9_15
    assert convert_minor(10_00, rate=Decimal("0.0005"), places=2, base_places=2) == 0
    assert convert_minor(30_00, rate=Decimal("0.0005"), places=2, base_places=2) == 2
    assert convert_minor(1_000, rate=Decimal("0.0062"), places=0, base_places=2) == 6_20
    assert convert_minor(1_234, rate=Decimal("2.31"), places=3, base_places=2) == 2_85


@given(minor=st.integers(0, 10**15), rate=st.decimals("0.0000000001", "99999", places=10))
def test_conversion_is_within_half_a_unit_of_the_exact_value(minor, rate):
    from fractions import Fraction

    exact = Fraction(minor) * Fraction(rate)
    assert abs(convert_minor(minor, rate=rate, places=2, base_places=2) - exact) <= Fraction(1, 2)


def test_the_latest_known_rate_counts_and_never_a_future_one():
    rates = [Rate("SEK", Decimal(value), date(2026, month, 1)) for value, month in (("0.08", 1), ("0.09", 6), ("0.10", 12))]

    found = rate_on(rates, "SEK", date(2026, 11, 23))

    assert found.rate == Decimal("0.09")
    assert book(40_000_00, found, places=2, base_places=2).base_minor == 3_600_00
    assert rate_on(rates, "NOK", date(2026, 11, 23)) is None
    assert rate_on(rates, "SEK", date(2025, 1, 1)) is None


# Approval chains
def test_a_chain_is_read_as_it_is_said():
    assert parse_chain("partner_manager > finance_manager + vendor_admin") == (
        ChainStep(1, "partner_manager"),
        ChainStep(2, "finance_manager"),
        ChainStep(2, "vendor_admin"),
    )


@pytest.mark.parametrize("text", ["", "boss", "partner_manager >", "partner_manager + partner_manager", " > ".join(["vendor_admin"] * 9)])
def test_a_chain_that_asks_nobody_is_refused(text):
    with pytest.raises(BadChain):
        parse_chain(text)


def test_the_turn_is_that_of_the_lowest_waiting_position():
    assert open_position([(1, "approved"), (2, "waiting"), (2, "approved"), (3, "waiting")]) == 2
    assert open_position([(1, "approved"), (2, "skipped")]) is None


# Conflicts
def protection(**changes):
    return OtherProtection(
        **{"registration_id": TWO, "partner_id": THEM, "line_id": MES, "territory_id": WORLD, "live": True, "ends_at": NOON + DAY, **changes}
    )


def found(deal=DEAL, **around):
    result = check(deal, Surroundings(**{"customer": KNOWN, **around}), at=NOON)
    return result.verdict, [kind.value for kind in result.kinds]


@pytest.mark.parametrize(
    ("other", "verdict", "kinds"),
    [
        (protection(), "blocking", ["other_protection"]),
        (protection(territory_id=NORDICS), "possible", ["nearby_protection"]),
        (protection(line_id=EDGE), "none", []),
        (protection(partner_id=US), "none", []),
        (protection(live=False, ends_at=NOON - 12 * DAY), "possible", ["ended_protection"]),
        (protection(ends_at=NOON), "possible", ["ended_protection"]),
        (protection(live=False, ends_at=NOON - 91 * DAY), "none", []),
    ],
)
def test_other_protections(other, verdict, kinds):
    assert found(protections=(other,)) == (verdict, kinds)


def test_a_deal_without_a_territory_meets_protections_everywhere():
    anywhere = Deal(partner_id=US, line_ids=frozenset({MES}), territory_id=None)
    assert found(anywhere, protections=(protection(territory_id=NORDICS),)) == ("blocking", ["other_protection"])


@pytest.mark.parametrize(
    ("other", "kinds"),
    [
        (OtherRegistration(TWO, THEM, frozenset({MES, EDGE})), ["other_registration"]),
        (OtherRegistration(TWO, US, frozenset({MES})), ["own_registration"]),
        (OtherRegistration(TWO, THEM, frozenset({EDGE})), []),
        (OtherRegistration(ONE, US, frozenset({MES})), []),
    ],
)
def test_duplicates_share_the_customer_and_a_product_line(other, kinds):
    assert found(registrations=(other,))[1] == kinds


@pytest.mark.parametrize(
    ("other", "kinds"),
    [
        (OtherOpportunity(TWO, None, MES, True, None), ["direct_opportunity"]),
        (OtherOpportunity(TWO, None, None, True, None), ["direct_opportunity"]),
        (OtherOpportunity(TWO, None, EDGE, True, NOON - 70 * DAY), []),
        (OtherOpportunity(TWO, None, MES, False, NOON - 59 * DAY), ["prior_engagement"]),
        (OtherOpportunity(TWO, THEM, MES, True, NOON - 60 * DAY), ["prior_engagement"]),
        (OtherOpportunity(TWO, THEM, MES, True, NOON - 61 * DAY), []),
        (OtherOpportunity(TWO, US, MES, True, NOON), []),
    ],
)
def test_direct_and_recent_work_of_others(other, kinds):
    assert found(opportunities=(other,))[1] == kinds


def test_a_partner_is_not_told_twice():
    work = OtherOpportunity(TWO, THEM, MES, True, NOON)
    assert found(protections=(protection(),), opportunities=(work,))[1] == ["other_protection"]


@pytest.mark.parametrize(
    ("customer", "deal_type", "verdict", "kinds"),
    [
        (CustomerFacts(ACCOUNT, "direct"), "new", "blocking", ["direct_account"]),
        (CustomerFacts(ACCOUNT, "shared", owner_id=THIRD), "new", "possible", ["shared_account"]),
        (CustomerFacts(ACCOUNT, "shared"), "new", "none", []),
        (CustomerFacts(ACCOUNT, "channel", is_customer=True), "new", "possible", ["existing_customer"]),
        (CustomerFacts(ACCOUNT, "channel", is_customer=True), "renewal", "none", []),
        (CustomerFacts(unsure_candidates=2), "new", "possible", ["unresolved_customer"]),
    ],
)
def test_what_the_account_says(customer, deal_type, verdict, kinds):
    deal = Deal(partner_id=US, line_ids=frozenset({MES}), territory_id=WORLD, deal_type=deal_type)
    assert found(deal, customer=customer) == (verdict, kinds)


def test_nothing_blocks_while_the_customer_is_unsure():
    assert found(customer=CustomerFacts(unsure_candidates=2), protections=(protection(),)) == ("possible", ["other_protection", "unresolved_customer"])


def test_every_finding_has_two_sentences_and_the_partners_names_nobody():
    values = {"partner": "Sintra Systems", "number": "DR-002377", "opportunity": "Direct talks", "customer": "Ostrava", "until": "1 Dec", "candidates": 2}

    for kind in FindingKind:
        assert vendor_sentence(kind, values)
        assert not any(str(value) in partner_sentence(kind) for value in ("Sintra Systems", "DR-002377", "Direct talks"))
        assert "%" not in partner_sentence(kind)


# Who is the customer
def test_one_unmistakable_candidate_is_the_customer():
    sure, vague = Candidate(ACCOUNT, 100, True), Candidate(OTHER_ACCOUNT, 80, False)

    assert resolve([sure, vague], has_domain=True).account_id == ACCOUNT
    assert resolve([], has_domain=True).is_new
    assert resolve([vague], has_domain=True).is_new
    assert resolve([vague], has_domain=False).candidate_ids == (OTHER_ACCOUNT,)
    assert resolve([Candidate(ACCOUNT, 100, True), Candidate(OTHER_ACCOUNT, 99, True)], has_domain=True).candidate_ids == (ACCOUNT, OTHER_ACCOUNT)


# Pre-check
@pytest.mark.parametrize(
    ("around", "answer"),
    [
        ({}, Answer.FREE),
        ({"protections": (protection(),)}, Answer.PROTECTED),
        ({"protections": (protection(territory_id=NORDICS),)}, Answer.ASK),
        ({"registrations": (OtherRegistration(TWO, THEM, frozenset({MES})),)}, Answer.ASK),
        ({"customer": CustomerFacts(unsure_candidates=1), "protections": (protection(),)}, Answer.ASK),
    ],
)
def test_a_precheck_answers_one_word(around, answer):
    assert answer_of(check(DEAL, Surroundings(**{"customer": KNOWN, **around}), at=NOON)) is answer


def test_the_limits_of_prechecks():
    assert not is_over_limit(Usage(PER_PERSON_HOUR - 1, PER_PARTNER_DAY - 1))
    assert is_over_limit(Usage(PER_PERSON_HOUR, 0))
    assert is_over_limit(Usage(0, PER_PARTNER_DAY))


# Evidence, drafts, files
def test_evidence_compares_company_domain_product_and_contact():
    ours = Side("Ostrava Steelworks a.s.", "ostravasteel.example", ("MES Core",), "Petra Malá")
    theirs = Side("Ostrava Steelworks", "ostravasteel.example", ("MES Core", "Edge Gateway"), "Jan Dvořák")

    percent = {likeness.what.value: likeness.percent for likeness in compare(ours, theirs)}

    assert (percent["company"], percent["domain"], percent["product"]) == (100, 100, 50)
    assert percent["contact"] < 50


def test_a_draft_tells_what_changed():
    before = RegistrationDraft(title="A", lines=(LineDraft(product_id=MES, amount_minor=1),))
    after = RegistrationDraft(title="B", lines=(LineDraft(product_id=MES, amount_minor=2),))
    assert set(changed_fields(before, after)) == {"title", "lines"}


def office(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"%PDF-1.7 x", "pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (office("[Content_Types].xml", "word/document.xml"), "docx"),
        ("a,b\n1,2\nÖ".encode(), "txt"),
        (office("evil.exe"), None),
        (office("[Content_Types].xml", "xl/vbaProject.bin"), None),
        (b"MZ", "txt"),
        (b"MZ\x00", None),
        (b"  <!DOCTYPE html>", None),
        (b"text <script>alert(1)</script>", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_its_content(content, extension):
    kind = sniff(content)
    assert (kind and kind[1]) == extension


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd.pdf"), ("C:\\x\\plan.docx.exe", "plan.docx.pdf"), ("\x00<>.pdf", "file.pdf"), ("x" * 300, "x" * 120 + ".pdf")],
)
def test_a_file_name_is_harmless(name, kept):
    assert safe_name(name, "pdf") == kept


def test_the_verdict_of_nothing_is_none():
    assert check(DEAL, Surroundings(customer=KNOWN), at=NOON).verdict is Verdict.NONE
