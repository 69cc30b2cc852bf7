import re

import pytest
from django.urls import reverse

from openprm.kernel.scope import scope, system_scope
from openprm.rulebook import services
from openprm.rulebook.models import RuleVersion
from openprm.rulebook.pages import editor
from openprm.rulebook.pages.cells import Widget, cell_of, widget_of
from openprm.rulebook.rules.cells import BadCell
from openprm.rulebook.testing import FACTS, make_kind, make_row, make_table

from .conftest import KIND

pytestmark = pytest.mark.django_db
FACT = {fact.name: fact for fact in FACTS}


@pytest.fixture
def draft(rules, cast, at):
    with scope(cast.vendor_admin):
        return services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)


def fields_of(html: str) -> dict:
    """What a browser would send of the editor's form."""
    form = html[html.index('id="draft-form"') : html.index("</main>")]
    values: dict = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            values.setdefault(name[1], []).append(value[1] if value else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        values.setdefault(name, []).append(chosen[1] if chosen else re.search(r'value="([^"]*)"', body)[1])
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values.setdefault(name, []).append(body)
    return values


def edit(client, draft_id, do, **changes):
    address = reverse("rulebook:draft", args=[draft_id])
    values = fields_of(client.get(address).content.decode()) | changes
    return client.post(address, {**values, "do": do})


@pytest.mark.parametrize(("fact", "cell"), [
    ("amount", ""), ("amount", "<= 50000"), ("amount", "[10..20.5]"), ("amount", "> 1"), ("amount", "!= 5"), ("amount", "5"), ("amount", "<= budget"),
    ("amount", "[10..20)"), ("amount", "1, 2"), ("amount", "null"), ("amount", "!= null"), ("tier", '"gold", "silver"'), ("tier", '!= "gold"'),
    ("tier", 'not in ["gold", "silver"]'), ("country", '"FI", "SE"'), ("renewal", "true"), ("renewal", "false"), ("close_date", '>= d("2026-12-31")'),
    ("close_date", '[d("2026-01-01")..d("2026-02-01")]'), ("close_date", 'd("2026-12-31")'), ("close_date", 'd("2026-12-31"), d("2027-01-01")'),
])  # fmt: skip
def test_a_cell_survives_its_widget(fact, cell):
    assert cell_of(widget_of(cell, FACT[fact]), FACT[fact]) == cell


@pytest.mark.parametrize(("fact", "widget", "said"), [
    ("amount", Widget("le", "lots"), "“lots” is not a number"),
    ("amount", Widget("le", ""), "value is missing"),
    ("tier", Widget("in"), "Choose at least one value"),
    ("amount", Widget("like", "5"), "Choose how to compare"),
])  # fmt: skip
def test_a_widget_that_means_nothing_says_so(fact, widget, said):
    with pytest.raises(BadCell, match=said):
        cell_of(widget, FACT[fact])


def test_amounts_are_read_as_a_person_writes_them():
    assert cell_of(Widget("le", "50,000"), FACT["amount"]) == "<= 50000"
    assert widget_of("<= 50000", FACT["amount"]) == Widget("le", "50,000")


@pytest.mark.parametrize(("action", "ids"), [
    ("add", ["R1", "R2", "R4", "R3"]), ("copy:0", ["R4", "R1", "R2", "R3"]), ("up:1", ["R2", "R1", "R3"]), ("down:0", ["R2", "R1", "R3"]),
    ("remove:1", ["R1", "R3"]), ("up:0", ["R1", "R2", "R3"]), ("down:2", ["R1", "R2", "R3"]), ("remove:99", ["R1", "R2", "R3"]), ("remove:x", ["R1", "R2", "R3"]),
])  # fmt: skip
def test_rows_are_rearranged(action, ids):
    assert [row.id for row in editor.rearranged(make_table(), action, KIND).rows] == ids


def test_columns_come_and_go():
    kind = make_kind()

    assert editor.rearranged(make_table(), "column-add", kind, "tier").inputs == ("amount", "conflict", "tier")
    assert editor.rearranged(make_table(), "column-add", kind, "nonsense").inputs == ("amount", "conflict")
    without = editor.rearranged(make_table(), "column-remove:amount", kind)
    assert (without.inputs, without.rows[1].when) == (("conflict",), {"conflict": '"none"'})


def test_the_editor_saves_what_it_shows(draft, cast):
    client = cast.client("vendor_admin")

    answer = edit(client, draft, "save")

    with system_scope():
        row = RuleVersion.objects.get(pk=draft)
        assert (answer.status_code, row.revision) == (303, 2)
        assert row.sha256 == RuleVersion.objects.get(rule_set=row.rule_set, number=1).sha256


def test_a_changed_amount_is_saved_and_shown_as_a_change(draft, cast):
    client = cast.client("vendor_admin")
    edit(client, draft, "save", **{"r1-w-amount-a": "30,000"})

    html = client.get(reverse("rulebook:draft", args=[draft])).content.decode()

    assert "If the amount is up to €30,000 and no conflict is found" in html
    assert "<del>If the amount is up to €50,000 and no conflict is found" in html


def test_a_problem_stands_beside_its_cell_and_nothing_is_saved(draft, cast):
    client = cast.client("vendor_admin")

    answer = edit(client, draft, "save", **{"r1-w-amount-a": "lots", "r0-t-days": "1.5"})
    html = answer.content.decode()

    assert answer.status_code == 422
    assert 'value="lots"' in html
    assert 'id="r1-w-amount-e"' in html
    assert "“lots” is not a number. Write digits, for example 50000." in html
    with system_scope():
        assert RuleVersion.objects.get(pk=draft).revision == 1


def test_a_row_is_added_without_saving(draft, cast):
    client = cast.client("vendor_admin")

    html = edit(client, draft, "add").content.decode()

    assert fields_of(html)["r2-id"] == ["R4"]
    with system_scope():
        assert RuleVersion.objects.get(pk=draft).revision == 1


def test_the_bench_answers_with_clause_and_alternatives(draft, cast):
    html = edit(cast.client("vendor_admin"), draft, "test", **{"f-amount": "60,000", "f-conflict": "none"}).content.decode()

    assert "A partner manager decides, by clause R3" in html
    assert "If the amount is up to €50,000 instead, the registration is approved at once" in html


def test_the_bench_names_a_fact_it_cannot_read(draft, cast):
    html = edit(cast.client("vendor_admin"), draft, "test", **{"f-amount": "lots"}).content.decode()

    assert 'id="f-amount-e"' in html


def test_rules_are_published_from_the_review(draft, cast):
    client = cast.client("vendor_admin")
    edit(client, draft, "review", **{"r1-w-amount-a": "30000"})
    address = reverse("rulebook:publish", args=[draft])

    early = client.post(address, {"effective_date": "2020-01-01", "note": "Sooner."})
    answer = client.post(address, {"effective_date": "", "note": "Smaller deals only."})

    assert (early.status_code, answer.status_code) == (422, 303)
    assert "Partners are told 14 days ahead" in early.content.decode()
    portal = cast.client("partner_rep").get(reverse("rulebook:portal_rules")).content.decode()
    assert "Smaller deals only." in portal
    assert 'id="sample-decision-R2"' in portal


def test_a_script_in_a_remark_stays_text(draft, cast):
    html = edit(cast.client("vendor_admin"), draft, "test", **{"r0-note": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert(1)</script>" not in html


def test_the_words_page_has_an_anchor_for_each_clause(rules, cast):
    for who, name in (("partner_reader", "rulebook:portal_rule"), ("vendor_reader", "rulebook:rule")):
        html = cast.client(who).get(reverse(name, args=["sample.decision"])).content.decode()
        assert 'id="R2"' in html
        assert "Change these rules" not in html


def test_a_partner_does_not_find_inside_rules(rules, cast):
    client = cast.client("partner_rep")

    assert client.get(reverse("rulebook:portal_rule", args=["sample.inside"])).status_code == 404
    assert "Lead scores" not in client.get(reverse("rulebook:portal_rules")).content.decode()


def test_a_form_of_nonsense_is_refused_or_read_as_empty(draft, cast):
    client = cast.client("vendor_admin")
    address = reverse("rulebook:draft", args=[draft])

    for body in (
        {},
        {"rows": "99999999"},
        {"rows": "-1", "do": "save"},
        {"rows": "x", "columns": "amount,amount,x"},
        {"rows": "1", "columns": "amount", "do": "remove:0"},
    ):
        assert client.post(address, body).status_code in (200, 422)
    assert make_row("R1")
