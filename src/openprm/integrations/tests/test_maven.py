"""The CRM export in ../shared/data, and a small one of our own with other dirty spots."""

import csv
from pathlib import Path

import pytest

from openprm.accounts.models import Account
from openprm.deals.models import Opportunity, Product
from openprm.integrations import queries, services
from openprm.integrations.imports.mapping import SHIPPED, load
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Invalid
from openprm.partners.models import Partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]

REAL = next(
    (parent / "shared/data/crm-sales-opportunities" for parent in Path(__file__).parents if (parent / "shared/data/crm-sales-opportunities").is_dir()), None
)
needs_real = pytest.mark.skipif(REAL is None, reason="the CRM export (../shared/data/crm-sales-opportunities) is not on this machine")

SMALL = {
    "accounts.csv": """account,sector,year_established,revenue,employees,office_location,subsidiary_of
Acme Corporation,technolgy,1996,1100.04,2822,United States,
Beta Works,medcal,1999,251.41,495,Germny,Acme Corporation
Gamma-Plus,widgetry,2001,12.5,9,Korea,Acme Corp
""",
    "products.csv": "product,series,sales_price\nGTX Pro,GTX,4821\nGTX Plus Pro,GTX,5482\nMG Special,MG,55\n",
    "sales_teams.csv": "sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\nCarl Lin,Summer Sewald,West\n",
    "sales_pipeline.csv": """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value,engage_quarter,close_quarter
A1,Anna Snelling,GTXPro,Acme Corporation,Won,20-10-16,01-03-17,1054,Q4 2016,Q1 2017
A2,Anna Snelling,gtx plus pro,Gamma Plus,Wonn,20-10-16,02-03-17,10,Q4 2016,Q1 2017
A3,Carl Lin,Hoverboard,Beta Works,Won,20-10-16,03-03-17,55,Q4 2016,Q1 2017
A4,Ana Snelling,MG Special,,Prospecting,,,,,
A5,Nobody Known,MG Special,Delta,Lost,21-10-16,04-03-17,0,Q4 2016,Q1 2017
""",
}


def folder(tmp_path, **changes) -> Path:
    for name, text in (SMALL | {f"{key}.csv": text for key, text in changes.items()}).items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(path, at, *, mapping="maven-crm", act=services.run_import, **options):
    import_id = services.stage_folder(actor=SYSTEM, folder=path, mapping=load(mapping), **options)
    act(actor=SYSTEM, import_id=import_id, at=at)
    return queries.import_view(SYSTEM, import_id)


def created(found):
    return {file.entity: file.counts["create"] for file in found.files}


def findings(found, *kinds):
    return {(one["kind"], one["column"], one["text"], one["became"], one["count"]) for one in found.findings if not kinds or one["kind"] in kinds}


def test_a_small_export_is_reconciled_and_every_repair_is_told(tmp_path, at):
    found = run(folder(tmp_path), at)

    assert found.message == ""
    assert created(found) == {"accounts": 3, "products": 3, "partners": 2, "opportunities": 5}
    assert findings(found) == {
        ("repaired", "sector", "technolgy", "technology", 1),
        ("repaired", "sector", "medcal", "medical", 1),
        ("kept", "sector", "widgetry", "widgetry", 1),
        ("repaired", "office_location", "Germny", "DE (Germany)", 1),
        ("repaired", "office_location", "Korea", "KR (South Korea)", 1),
        ("repaired", "subsidiary_of", "Acme Corp", "Acme Corporation", 1),
        ("repaired", "product", "GTXPro", "GTX Pro", 1),
        ("repaired", "product", "gtx plus pro", "GTX Plus Pro", 1),
        ("unmatched", "product", "Hoverboard", "", 1),
        ("repaired", "account", "Gamma Plus", "Gamma-Plus", 1),
        ("unmatched", "account", "Delta", "", 1),
        ("empty", "account", "", "", 1),
        ("repaired", "deal_stage", "Wonn", "launched", 1),
        ("repaired", "deal_stage", "Wonn", "won", 1),
        ("repaired", "sales_agent", "Ana Snelling", "Anna Snelling", 1),
        ("unmatched", "sales_agent", "Nobody Known", "", 1),
    }


def test_its_rows_hang_together(tmp_path, at):
    run(folder(tmp_path), at)

    first = Opportunity.objects.get(external_id="A1")
    assert (first.name, first.account.name, first.product.name) == ("GTX Pro, Acme Corporation", "Acme Corporation", "GTX Pro")
    assert (first.status, first.amount_minor, first.currency) == ("won", 105400, "USD")
    assert (str(first.opened_date), str(first.close_date)) == ("2016-10-20", "2017-03-01")
    assert {account.name: account.parent and account.parent.name for account in Account.objects.all()} == {
        "Acme Corporation": None,
        "Beta Works": "Acme Corporation",
        "Gamma-Plus": "Acme Corporation",
    }
    assert Account.objects.get(name="Acme Corporation").annual_revenue_minor == 1100_040_000_00
    assert [(partner.organization.name, partner.team, partner.region) for partner in Partner.objects.order_by("organization__name")] == [
        ("Anna Snelling", "Dustin Brinkmann", "Central"),
        ("Carl Lin", "Summer Sewald", "West"),
    ]
    assert Opportunity.objects.get(external_id="A4").account is None


def test_its_sums_are_those_of_the_files(tmp_path, at):
    found = run(folder(tmp_path), at)

    lines = {
        one["label"]: (one["rows_in_database"], one["counted_in_database"], one["database_minor"], one["is_equal"])
        for one in found.checks
        if not one.get("is_sum")
    }
    assert lines == {"Anna Snelling": (3, 2, 106400, True), "Carl Lin": (1, 1, 5500, True), "": (1, 0, 0, True)}
    assert [(one["rows_in_file"], one["file_minor"], one["database_minor"]) for one in found.checks if one.get("is_sum")] == [(5, 111900, 111900)]


def test_a_second_run_changes_nothing(tmp_path, at):
    run(folder(tmp_path), at)

    again = run(folder(tmp_path), at)

    assert {name: again.counts[name] for name in ("create", "update", "same", "refuse")} == {"create": 0, "update": 0, "same": 13, "refuse": 0}
    assert again.differences == ()


def test_undo_takes_everything_back(tmp_path, at):
    found = run(folder(tmp_path), at)

    done = services.undo_import(actor=SYSTEM, import_id=found.id, at=at)

    assert done == {"removed": 13, "restored": 0}
    assert (Account.objects.count(), Product.objects.count(), Partner.objects.count(), Opportunity.objects.count()) == (0, 0, 0, 0)


def test_a_trial_leaves_nothing(tmp_path, at):
    found = run(folder(tmp_path), at, act=services.try_import)

    assert created(found) == {"accounts": 3, "products": 3, "partners": 2, "opportunities": 5}
    assert (Account.objects.count(), Product.objects.count(), Partner.objects.count(), Opportunity.objects.count()) == (0, 0, 0, 0)


def test_one_ragged_row_keeps_the_whole_folder_out(tmp_path, at):
    found = run(folder(tmp_path, sales_pipeline=SMALL["sales_pipeline.csv"] + "A6,Anna Snelling,GTX Pro\n"), at)

    assert found.status == "failed"
    assert findings(found, "refused") == {("refused", "", "has 3 cells where the heading has 10", "", 1)}
    assert Account.objects.count() == 0


def test_by_choice_the_rest_is_loaded_and_the_sums_still_agree(tmp_path, at):
    bad = "A6,Anna Snelling,GTX Pro\nA7,Anna Snelling,GTX Pro,Beta Works,Won,40-10-16,01-03-17,7,,\nA1,Carl Lin,GTX Pro,,Won,20-10-16,01-03-17,9,,\n"
    found = run(folder(tmp_path, sales_pipeline=SMALL["sales_pipeline.csv"] + bad), at, skip_bad_rows=True)

    assert found.status == "done"
    assert created(found)["opportunities"] == 5
    assert {(one["column"], one["text"], tuple(one["rows"])) for one in found.findings if one["kind"] == "refused"} == {
        ("", "has 3 cells where the heading has 10", (7,)),
        ("engage_date", "“40-10-16” is no date in the order day-month-year", (8,)),
        ("opportunity_id", "“A1” is in row 2 already", (9,)),
    }
    assert found.differences == ()


def test_a_missing_file_is_named(tmp_path, at):
    path = folder(tmp_path)
    (path / "products.csv").unlink()

    with pytest.raises(Invalid, match=r"lacks products\.csv, which the mapping needs"):
        run(path, at)


def test_another_order_of_the_date_is_a_matter_of_the_mapping(tmp_path, at):
    own = tmp_path / "own.yaml"
    text = (SHIPPED / "maven-crm.yaml").read_text()
    own.write_text(text.replace("order: dmy", "order: mdy"))
    pipeline = SMALL["sales_pipeline.csv"].replace("20-10-16", "10/20/2016").replace("21-10-16", "10/21/2016").replace("-03-17", "/04/2017")
    (tmp_path / "export").mkdir()

    run(folder(tmp_path / "export", sales_pipeline=pipeline), at, mapping=str(own))

    assert str(Opportunity.objects.get(external_id="A1").opened_date) == "2016-10-20"
    assert str(Opportunity.objects.get(external_id="A3").close_date) == "2017-03-04"


def _read(name):
    with (REAL / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@needs_real
def test_the_real_export_is_loaded_whole_and_every_partners_won_value_equals_the_file(at):
    found = run(REAL, at)

    assert created(found) == {"accounts": 85, "products": 7, "partners": 35, "opportunities": 8800}
    assert findings(found) == {
        ("repaired", "sector", "technolgy", "technology", 12),
        ("repaired", "office_location", "Philipines", "PH (Philippines)", 1),
        ("repaired", "office_location", "Korea", "KR (South Korea)", 1),
        ("repaired", "product", "GTXPro", "GTX Pro", 1480),
        ("empty", "account", "", "", 1425),
    }
    assert found.differences == ()
    assert _stored() == _wanted()
    assert Account.objects.exclude(parent=None).count() == sum(bool(row["subsidiary_of"]) for row in _read("accounts.csv"))


def _wanted() -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in _read("sales_pipeline.csv"):
        sums[row["sales_agent"]] = sums.get(row["sales_agent"], 0) + (int(row["close_value"]) * 100 if row["deal_stage"] == "Won" else 0)
    return sums


def _stored() -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, status, minor in Opportunity.objects.values_list("partner__name", "status", "amount_minor"):
        sums[name] = sums.get(name, 0) + (minor if status == "won" else 0)
    return sums
