"""The pack says what the page and the API say, the same way every time."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from openprm.kernel.scope import scope, system_scope
from openprm.kpis import jobs, queries, services
from openprm.kpis.models import Pack
from openprm.kpis.services import packs
from openprm.kpis.tests.showcase import make_partners, make_sale

pytestmark = pytest.mark.django_db
ASKED = queries.Asked(as_of=date(2026, 12, 31), period="12m", compare="previous")


@pytest.fixture
def deals(cast, at):
    """€30,000 with one partner, €10,000 with another, €20,000 with nobody; a year earlier €15,000."""
    with system_scope():
        first, second = make_partners(cast)[:2]
    for name, partner, minor, year in (("=Vega", first, 30, 2026), ("Orion", second, 10, 2026), ("Lyra", None, 20, 2026), ("Old", None, 15, 2025)):
        make_sale(name, partner, minor * 1000_00, at.replace(year=year))
    return first, second


def made(cast, asked=ASKED):
    with scope(cast.vendor_admin) as actor:
        pack = queries.pack(actor, asked)
    return pack, packs.drawn(pack)


def test_every_number_of_the_pack_is_the_number_of_the_figure(cast, deals):
    pack, drawn = made(cast)
    with scope(cast.vendor_reader) as actor:
        told = {one.name: one for one in queries.figures(actor, [one.name for one in queries.definitions(actor) if not one.missing], ASKED)}
    lines = {line.name: line for section in pack.sections for line in section.lines}
    sheet = load_workbook(io.BytesIO(drawn.xlsx))["Numbers"]
    cells = {row[1]: (row[3], row[4]) for row in sheet.iter_rows(min_row=2, values_only=True)}

    assert lines.keys() == told.keys() == cells.keys()
    for name, one in told.items():
        expected = None if one.value is None else one.value / 100 if one.unit in {"money", "money_per_day"} else one.value
        assert lines[name].value.raw == expected, name
        assert (cells[name][0] is None) == (expected is None), name
        assert expected is None or Decimal(str(cells[name][0])) == pytest.approx(expected), name
        assert (lines[name].n.raw, cells[name][1]) == (one.n, one.n), name
        assert lines[name].reason == one.reason, name


def test_the_parts_make_the_whole_and_it_says_so(cast, deals):
    summary = made(cast)[0].summary

    assert [part.amount.raw for part in summary.parts] == [40_000, 0, 20_000]
    assert [part.share for part in summary.parts] == ["66.7 %", "0 %", "33.3 %"]
    assert (summary.whole.amount.raw, summary.holds) == (60_000, True)


def test_the_same_question_over_the_same_data_makes_the_same_bytes(cast, deals):
    once, again = made(cast)[1], made(cast)[1]
    other = made(cast, queries.Asked(as_of=date(2026, 12, 30), period="12m", compare="previous"))[1]

    assert once == again
    assert once.pdf != other.pdf
    assert once.fingerprint != other.fingerprint
    assert b"20261" not in once.pdf[-600:]
    with zipfile.ZipFile(io.BytesIO(once.xlsx)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_partners_concentration_and_loss_are_computed_by_hand(cast, deals):
    partners, stress = made(cast)[0].tables

    # 30 and 10 of 40: 75 % and 25 %; HHI 5625 + 625; without the first the second is alone.
    assert [(row[1].text, row[3].raw, row[4].raw) for row in partners.rows] == [(deals[0].name, 30_000, 75), (deals[1].name, 10_000, 25)]
    assert "6,250" in stress.lead
    assert [cell.text for cell in stress.rows[0][1:6]] == ["€10,000", "75 %", "€0", "—", "10,000"]


def test_what_is_not_measured_is_listed_with_its_reason(cast):
    pack = made(cast)[0]

    assert any("surveys" in row[2].text for row in pack.missing.rows)
    assert pack.rows.rows == ()


def test_a_cell_is_never_a_formula(cast, deals):
    book = load_workbook(io.BytesIO(made(cast)[1].xlsx))

    assert [row[0].value for row in book["Deals won"].iter_rows(min_row=2)].count("'=Vega") == 1
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "d"}


def test_a_target_stands_beside_its_number(cast, at, deals):
    with scope(cast.finance_manager) as actor:
        services.set_target(actor=actor, kpi="total_revenue", period="year", starts_on=date(2026, 1, 1), value=Decimal(80_000_00), at=at)
        ended = queries.targets_for(actor, ASKED)
        running = queries.targets_for(actor, queries.Asked(as_of=date(2026, 11, 30), period="12m"))
        of_a_part = queries.targets_for(actor, queries.Asked(as_of=date(2026, 12, 31), period="year", segment=queries.segment_of({"motion": "transact"})))
    line = next(line for section in made(cast)[0].sections for line in section.lines if line.name == "total_revenue")

    assert (line.target.text, line.target.raw) == ("€80,000", 80_000)
    assert (ended["total_revenue"].by, running, of_a_part) == (date(2026, 12, 31), {}, {})


def test_a_pack_is_kept_with_its_hashes(cast, at, deals):
    with scope(cast.vendor_reader) as actor:
        pack_id = services.ask_for_pack(actor=actor, asked=ASKED, at=at)
        kept = queries.get_pack(actor, pack_id)
        file = queries.open_pack(actor, pack_id, "pdf")
        with pytest.raises(NotFound):
            queries.open_pack(actor, pack_id, "exe")

    assert (kept.state, kept.asked_by_name, kept.partners) == ("ready", "Kari Dahl", "All partners")
    assert (file.content[:5], file.sha256, len(file.content)) == (b"%PDF-", kept.pdf_sha256, kept.pdf_bytes)
    assert file.content == made(cast)[1].pdf


def test_a_large_pack_is_made_by_a_worker_once(cast, at, deals, monkeypatch):
    monkeypatch.setattr(packs, "AT_ONCE", -1)
    with scope(cast.vendor_admin) as actor:
        pack_id = services.ask_for_pack(actor=actor, asked=ASKED, at=at)
        assert queries.get_pack(actor, pack_id).state == "pending"
        with pytest.raises(Conflict):
            queries.open_pack(actor, pack_id, "pdf")
        with pytest.raises(Conflict):
            services.draw_now(actor=actor, asked=ASKED)
    with system_scope():
        jobs.make_pack(pack_id=pack_id, at=at)
        first = Pack.objects.get(pk=pack_id)
        jobs.make_pack(pack_id=pack_id, at=at.replace(hour=20))
        assert Pack.objects.get(pk=pack_id).ready_at == first.ready_at == at


def test_a_pack_that_cannot_be_made_says_why(cast, at):
    with system_scope():
        row = Pack.objects.create(as_of=date(2026, 1, 1), period="week", compare="none", locale="en")
        jobs.make_pack(pack_id=row.pk, at=at)
        row.refresh_from_db()

    assert (row.state, row.why) == ("failed", "Periods are 12m, month, quarter, year and all.")


def test_nobody_else_has_one_made_and_nothing_is_kept(cast, at):
    with scope(cast.partner_admin) as actor:
        with pytest.raises(NotAllowed):
            services.ask_for_pack(actor=actor, asked=ASKED, at=at)
        assert queries.packs(actor) == ()
    with scope(cast.vendor_admin) as actor, pytest.raises(Invalid):
        services.ask_for_pack(actor=actor, asked=queries.Asked(as_of=date(1200, 1, 1)), at=at)
    with system_scope():
        assert Pack.objects.count() == 0


def test_thirty_packs_an_hour_are_enough(cast, at):
    with system_scope():
        Pack.objects.bulk_create(Pack(as_of=date(2026, 1, 1), period="12m", compare="none", locale="en") for _pack in range(30))
        Pack.objects.update(created_at=at)
    with scope(cast.vendor_admin) as actor, pytest.raises(TooMany):
        services.ask_for_pack(actor=actor, asked=ASKED, at=at)


def test_the_page_makes_and_gives_a_pack_and_the_api_gives_the_same_file(cast, deals):
    client = cast.client("vendor_reader")
    answer = client.post("/app/kpis/packs/make/", {"as_of": "2026-12-31", "period": "12m", "compare": "previous"})
    with system_scope():
        row = Pack.objects.get()
    page = client.get(answer["Location"]).content.decode()
    kept = client.get(f"/app/kpis/packs/{row.pk}/xlsx/")
    over_api = client.get("/api/v1/kpis/pack", {"as_of": "2026-12-31", "compare": "previous", "format": "xlsx"})

    assert answer.status_code == 303
    assert row.fingerprint[:16] in page
    assert kept["Content-Disposition"] == 'attachment; filename="program-2026-12-31.xlsx"'
    assert kept.content == over_api.content
    assert kept["X-Fingerprint"] == over_api["X-Fingerprint"] == row.fingerprint


@pytest.mark.parametrize("odd", [{"as_of": "soon"}, {"program": "x"}, {"partner": "1"}])
def test_an_odd_question_is_refused_and_no_pack_made(cast, odd):
    assert cast.client("vendor_admin").post("/app/kpis/packs/make/", odd).status_code == 422
    with system_scope():
        assert Pack.objects.count() == 0
