"""What everybody may read of a program, and what never gets out."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from openprm.audit import queries as audit
from openprm.deals.models import Registration
from openprm.deals.testing import make_catalogue, make_registration
from openprm.kernel.actor import PUBLIC
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.kpis import jobs, queries, services
from openprm.kpis.models import LabelSetting, PublicLabel
from openprm.kpis.pages import labels as pages
from openprm.kpis.rules import label
from openprm.kpis.tests.showcase import make_partners

pytestmark = pytest.mark.django_db
D = Decimal
MANY = {"cases": 40, "partners": 6, "least_cases": 20}


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (D("81.4"), "percent", (81, "exactly")), (D(100), "percent", (95, "at_least")), (D(0), "percent", (5, "at_most")), (D("95.0"), "percent", (95, "exactly")),
        (D("9.5"), "days", (10, "exactly")), (D(0), "days", (0, "exactly")),
    ],
)  # fmt: skip
def test_numbers_are_whole_and_shares_never_speak_of_everyone(value, unit, said):
    found = label.told(value, unit=unit, **MANY)

    assert (found.status, found.value, found.bound, found.cases) == ("told", *said, 40)


@pytest.mark.parametrize("few", [{"cases": 19}, {"partners": 4}, {"cases": 0, "partners": 0}])
def test_few_cases_or_few_partners_tell_nothing(few):
    found = label.told(D(50), unit="percent", **{**MANY, **few})

    assert (found.status, found.value, found.cases) == ("too_few", None, 0)


def test_the_number_of_cases_is_told_to_the_ten_below():
    assert [label.floored(cases) for cases in (20, 29, 47, 9)] == [20, 20, 40, 0]
    assert label.told(None, unit="days", **MANY).status == "not_measured"


@pytest.fixture
def answered(cast, at):
    """Thirty registrations of six partners sent in October, a fifth of them rejected."""
    catalogue = make_catalogue()
    pattern_id = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    with system_scope():
        partners = make_partners(cast)
        pattern = Registration.objects.get(pk=pattern_id)
        made = []
        for place in range(30):
            sent = at - timedelta(days=30 + place % 9)
            row = Registration.objects.get(pk=pattern_id)
            row.pk, row.number, row.partner_id, row.submitted_at, row.decided_at = (
                None,
                f"DR-9{place:05}",
                partners[place % 6].pk,
                sent,
                sent + timedelta(hours=4),
            )
            row.id = None
            row.status, row.booked_at = ("rejected", None) if place % 5 == 0 else ("approved", sent + timedelta(hours=4))
            row.approved_at = row.booked_at
            made.append(row)
        _store(made)
    return pattern


def _store(rows):
    from openprm.kernel.ids import new_id

    for row in rows:
        row.id = new_id()
    Registration.objects.bulk_create(rows)


def publish(cast, at, **more):
    with scope(cast.vendor_admin) as actor:
        return services.publish_label(actor=actor, program_id=cast.program.pk, at=at, **more)


def test_a_published_label_tells_the_kpi_rounded_and_nothing_of_anybody(cast, at, answered):
    publish(cast, at)
    with scope(PUBLIC):
        found = queries.public_label(cast.program.code)
    with scope(cast.vendor_reader) as actor:
        segment = queries.segment_of({"program": str(cast.program.pk)})
        figure = queries.figure(actor, "registration_acceptance", queries.Asked(as_of=date(2026, 10, 31), segment=segment))
    told = {one["name"]: one for one in found.body["facts"]}
    text = json.dumps(found.body)

    assert (figure.value, figure.n) == (80, 30)
    assert {name: told["registration_acceptance"][name] for name in ("status", "value", "bound", "cases")} == {
        "status": "told", "value": 80, "bound": "exactly", "cases": 30,
    }  # fmt: skip
    assert told["payment_cycle_median"]["status"] == "too_few"
    assert found.body["period"] == {"since": "2025-11-01", "until": "2026-10-31"}
    assert cast.partner.name not in text
    assert "Kallio Systems" not in text
    assert "DR-9" not in text


def test_the_label_is_as_its_schema_says(cast, at):
    publish(cast, at)
    visitor = cast.client("stranger")
    schema = visitor.get("/program-facts/schema.json").json()
    body = visitor.get(f"/program-facts/{cast.program.code}/facts.json").json()

    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(body)) == []
    assert body["rules"]["protectionDays"] == {"shortest": 30, "longest": 120}
    assert [one["name"] for one in body["facts"]] == list(queries.LABEL_FACTS)


def test_nobody_reads_what_is_not_published_or_was_taken_back(cast, at):
    visitor, address = cast.client("stranger"), f"/program-facts/{cast.program.code}/"
    before = visitor.get(address).status_code
    publish(cast, at)
    shown = visitor.get(address).status_code
    with scope(cast.vendor_admin) as actor:
        services.withdraw_label(actor=actor, program_id=cast.program.pk, at=at)
        verbs = [entry.verb for entry in audit.timeline(actor, LabelSetting.objects.get().pk)]
    after = [visitor.get(f"{address}{tail}").status_code for tail in ("", "facts.json", "badge.svg")]

    assert (before, shown, after) == (404, 200, [404, 404, 404])
    assert verbs == ["kpis.label_withdrawn", "kpis.label_published"]
    with scope(PUBLIC), pytest.raises(NotFound):
        queries.public_label(cast.program.code)


def test_a_reader_publishes_nothing(cast, at):
    with scope(cast.partner_manager) as actor, pytest.raises(NotAllowed):
        services.publish_label(actor=actor, program_id=cast.program.pk, at=at)
    with scope(cast.vendor_admin) as actor:
        for few in (9, 1001):
            with pytest.raises(Invalid):
                services.publish_label(actor=actor, program_id=cast.program.pk, least_cases=few, at=at)
        services.publish_label(actor=actor, program_id=cast.program.pk, at=at, version=0)
        with pytest.raises(Stale):
            services.publish_label(actor=actor, program_id=cast.program.pk, at=at, version=0)
    with system_scope():
        assert (PublicLabel.objects.count(), LabelSetting.objects.get().version) == (1, 1)


def test_it_is_cached_open_to_other_sites_and_safe(cast, at):
    publish(cast, at)
    visitor, address = cast.client("stranger"), f"/program-facts/{cast.program.code}/"
    first = visitor.get(f"{address}facts.json")
    again = visitor.get(f"{address}facts.json", headers={"If-None-Match": first["ETag"]})
    badge, page = visitor.get(f"{address}badge.svg"), visitor.get(address)

    assert (first["Content-Type"], first["Cache-Control"], first["Access-Control-Allow-Origin"]) == ("application/ld+json", "public, max-age=3600", "*")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert badge["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"style=" not in badge.content
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert 'type="application/ld+json"' in page.content.decode()


def test_a_stranger_cannot_read_without_end(cast, at, monkeypatch):
    publish(cast, at)
    monkeypatch.setattr(pages, "ASKED", pages.Policy("facts", 2))
    answers = [cast.client("stranger").get("/program-facts/").status_code for _time in range(3)]

    assert answers == [200, 200, 429]


def test_it_changes_with_the_month_and_not_between(cast, at, answered):
    publish(cast, at)
    with system_scope():
        first = PublicLabel.objects.get().sha256
        jobs.refresh_labels(at=at + timedelta(days=3))
        assert PublicLabel.objects.get().sha256 == first
        jobs.refresh_labels(at=at + timedelta(days=40))
        assert PublicLabel.objects.get().as_of == date(2026, 12, 31)


def test_the_vendor_publishes_it_on_a_page(cast, at):
    client = cast.client("vendor_admin")
    address = f"/app/kpis/facts/{cast.program.pk}"
    few = client.post(f"{address}/publish/", {f"{cast.program.code}-least_cases": "3"})
    done = client.post(f"{address}/publish/", {f"{cast.program.code}-least_cases": "25"})
    page = client.get("/app/kpis/facts/").content.decode()

    assert (few.status_code, done.status_code) == (422, 303)
    assert "badge.svg" in page
    with system_scope():
        assert LabelSetting.objects.get().least_cases == 25
