"""What applications decide without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from openprm.applications import rules
from openprm.applications.rules import Choice, Field, Known, State, Strength

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PARTNER = Known(kind="partner", id=1, name="Kallio Digital", domain="kallio.example", key="kalliodigital", country="FI")


@pytest.mark.parametrize(
    ("domain", "key", "country", "reason", "strength"),
    [
        ("kallio.example", "other", "SE", "domain", Strength.CERTAIN),
        ("new.example", "kalliodigital", "FI", "name_and_country", Strength.POSSIBLE),
        ("new.example", "kalliodigital", "SE", "name", Strength.POSSIBLE),
    ],
)
def test_a_company_is_recognised_by_domain_or_name(domain, key, country, reason, strength):
    found = rules.compare(domain=domain, key=key, country=country, known=PARTNER)

    assert (found.reason, found.strength) == (reason, strength)


@pytest.mark.parametrize(("domain", "key"), [("new.example", "other"), ("", ""), ("", "other")])
def test_a_company_that_shares_nothing_is_new(domain, key):
    assert rules.compare(domain=domain, key=key, country="FI", known=PARTNER) is None


def test_two_companies_without_a_domain_are_not_the_same_for_that():
    without = Known(kind="partner", id=2, name="Nowhere", domain="", key="nowhere")

    assert rules.compare(domain="", key="elsewhere", country="", known=without) is None


@pytest.mark.parametrize("state", [State.APPROVED, State.REJECTED, State.WITHDRAWN])
def test_an_answered_application_goes_nowhere(state):
    assert [after for after in State if rules.can_move(state, after)] == []


def test_only_a_held_application_can_be_rejected_without_being_sent():
    assert [state.value for state in State if rules.can_move(state, State.REJECTED)] == ["held", "submitted", "returned"]


@pytest.mark.parametrize(("reapply", "expected"), [("instant", date(2026, 11, 23)), ("standard", date(2027, 2, 21)), ("never", None)])
def test_a_rejection_says_when_to_come_again(reapply, expected):
    assert rules.reapply_from(decided_at=AT, reapply=reapply, days=90) == expected


@pytest.mark.parametrize(
    ("reapply", "from_date", "allowed"),
    [("standard", date(2026, 11, 24), False), ("standard", date(2026, 11, 23), True), ("never", None, False), ("instant", date(2026, 11, 1), True)],
)
def test_a_company_may_come_again_on_its_day(reapply, from_date, allowed):
    assert rules.may_reapply(reapply=reapply, from_date=from_date, at=AT) is allowed


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a <b>bold</b> claim", "</p>", "javascript:alert(1)", "<img src=x onerror='x'>", "&#60;script", '" onload="x"']
)
def test_markup_is_seen(text):
    assert rules.has_markup(text)


@pytest.mark.parametrize("text", ["Müller & Söhne GmbH", "5 < 10 and 3 > 2", "on time = good", "Ampersand &co", "C++ / C#"])
def test_plain_text_is_no_markup(text):
    assert not rules.has_markup(text)


def test_control_characters_do_not_survive():
    assert rules.one_line("Fjord\x00link\r\n AS\u202e") == "Fjord link AS"
    assert rules.plain_text("one\r\n\r\n\r\n\r\ntwo \x07") == "one\n\ntwo"


@pytest.mark.parametrize(("seconds", "fast"), [(0, True), (2, True), (3, False), (600, False)])
def test_a_form_that_comes_back_in_a_moment_was_typed_by_no_person(seconds, fast):
    assert rules.typed_too_fast(opened_at=AT, at=AT + timedelta(seconds=seconds)) is fast


@pytest.mark.parametrize(
    ("params", "referrer", "source"),
    [
        ({"utm_source": "Hannover Fair 2026"}, "", "hannover-fair-2026"),
        ({"ref": "K4L"}, "", "referral"),
        ({}, "www.partnerweekly.example", "partnerweekly.example"),
        ({}, "halden.example", "direct"),
        ({"source": "<script>"}, "", "script"),
        ({"source": "!!!"}, "", "direct"),
    ],
)
def test_a_source_is_a_plain_word(params, referrer, source):
    assert rules.source_of(params, referrer_host=referrer, own_host="halden.example") == source


def test_the_funnel_adds_up_per_program_and_source():
    lines = rules.funnel(
        [("Resell", "fair", "visited", 40), ("Resell", "fair", "started", 10), ("Resell", "fair", "submitted", 8), ("Resell", "fair", "approved", 3),
         ("Resell", "fair", "rejected", 1), ("Resell", "direct", "visited", 100)]
    )  # fmt: skip

    assert [(line.source, line.visited, line.open) for line in lines] == [("direct", 100, 0), ("fair", 40, 4)]
    assert (lines[1].start_rate, lines[1].submit_rate, lines[1].approval_rate) == (0.25, 0.8, 0.75)
    assert lines[0].submit_rate is None


def _field(**values):
    return Field(**{"code": "employees", "kind": "number", "label": "Employees", "page": "Business", **values})


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (_field(code="Bad Code"), "bad_code"),
        (_field(kind="poem"), "unknown_kind"),
        (_field(label=" "), "no_label"),
        (_field(kind="choice", choices=(Choice("a", "A"),)), "too_few_choices"),
        (_field(kind="choice", choices=(Choice("a", "A"), Choice("a", "B"))), "choice_twice"),
        (_field(fact="shoe_size"), "unknown_fact"),
        (_field(kind="money"), "no_currency"),
        (_field(least=9, most=3), "least_above_most"),
    ],
)
def test_a_question_that_cannot_be_asked_is_named(field, problem):
    assert [one.code for one in rules.problems_of_form([field], facts=["employees"])] == [problem]


def test_a_code_is_used_once():
    found = rules.problems_of_form([_field(), _field()], facts=[], taken=["email"])

    assert [(one.code, one.field) for one in found] == [("code_twice", "employees")]


def test_a_question_survives_storing():
    field = _field(kind="choices", choices=(Choice("a", "A"), Choice("b", "B")), required=True, fact="industries", help="All you serve")

    assert rules.field_of(rules.written(field)) == field


def test_pages_keep_the_order_in_which_they_come_first():
    fields = [_field(code="a", page="One"), _field(code="b", page="Two"), _field(code="c", page="One")]

    assert [(title, [field.code for field in members]) for title, members in rules.pages_of(fields)] == [("One", ["a", "c"]), ("Two", ["b"])]
