"""Single files: loaded, loaded again, tried, refused, taken back."""

from pathlib import Path

import pytest

from openprm.accounts import queries as accounts
from openprm.accounts import services as account_services
from openprm.accounts.models import Account
from openprm.integrations import queries, services
from openprm.integrations.models import Import, ImportRow
from openprm.integrations.services import UndoRefused
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]

GOOD = """id,company,website,country,sector,employees,revenue,currency,parent
A1,Alpha Tools,https://www.alpha.example,Germany,technolgy,120,1200.50,EUR,
A2,Beta Works,beta.example,Philipines,medical,30,,,Alpha Tools
A3,Gamma,,Atlantis,underwater basketry,,,,
"""


@pytest.fixture
def write(tmp_path):
    def make(text: str | bytes, name: str = "accounts.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


def load(path, at, *, entity="accounts", actor=SYSTEM, trial=False, **options):
    import_id = services.stage_file(actor=actor, path=path, entity=entity, **options)
    (services.try_import if trial else services.run_import)(actor=actor, import_id=import_id, at=at)
    return queries.import_view(actor, import_id)


def counts(found):
    return {name: found.counts[name] for name in ("create", "update", "same", "refuse")}


def findings(found):
    return {(one["kind"], one["column"], one["text"], one["became"], tuple(one["rows"])) for one in found.findings}


def test_a_file_is_loaded_and_what_was_repaired_is_told(write, at):
    found = load(write(GOOD), at)

    assert found.status == "done"
    assert counts(found) == {"create": 3, "update": 0, "same": 0, "refuse": 0}
    alpha, beta, gamma = Account.objects.order_by("name")
    assert (alpha.name, alpha.domain, alpha.country, alpha.industry, alpha.annual_revenue_minor) == ("Alpha Tools", "alpha.example", "DE", "technology", 120050)
    assert (beta.country, beta.parent_id) == ("PH", alpha.pk)
    assert (gamma.country, gamma.industry, gamma.external_source) == ("", "underwater basketry", "")
    assert findings(found) == {
        ("repaired", "sector", "technolgy", "technology", (2,)),
        ("repaired", "country", "Philipines", "PH (Philippines)", (3,)),
        ("unmatched", "country", "Atlantis", "", (4,)),
        ("kept", "sector", "underwater basketry", "underwater basketry", (4,)),
    }


def test_loading_it_again_changes_nothing(write, at):
    path = write(GOOD)
    load(path, at)
    before = list(Account.objects.order_by("pk").values())

    again = load(path, at)

    assert counts(again) == {"create": 0, "update": 0, "same": 3, "refuse": 0}
    assert list(Account.objects.order_by("pk").values()) == before


def test_a_trial_says_the_same_and_changes_nothing(write, at):
    found = load(write(GOOD), at, trial=True)

    assert found.status == "checked"
    assert counts(found)["create"] == 3
    assert Account.objects.count() == 0


def test_one_bad_row_keeps_everything_out(write, at):
    found = load(write(GOOD + "A4,Delta,delta.example,Germany,medical,many,,,\n"), at)

    assert found.status == "failed"
    assert Account.objects.count() == 0
    assert ("refused", "employees", "“many” is no whole number", "", (5,)) in findings(found)


def test_bad_rows_are_skipped_by_choice(write, at):
    found = load(write(GOOD + "A4,Delta,delta.example,Germany,medical,many,,,\n"), at, skip_bad_rows=True)

    assert found.status == "done"
    assert counts(found) == {"create": 3, "update": 0, "same": 0, "refuse": 1}
    assert Account.objects.count() == 3


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("A1,Delta,,,,,,,", "id", "“A1” is in row 2 already"),
        ("A4,Delta,,,,,12.5,XXQ,", "currency", "“XXQ” is no currency; use three letters, for example EUR"),
        ("A4,Delta,,,,,12.5,,", "revenue", "has no currency; map a column to it or set one for the file"),
        ("A4,,,,,,,,", "company", "is empty, and every row needs it"),
        ("A4,Delta,,", "", "has 4 cells where the heading has 9"),
        ("A4,Delta,,,,,,,Nobody & Sons", "parent", "there is no “Nobody & Sons”"),
        ("A4,=cmd|' /C calc'!A0,,,,,,,", "", "column “company” holds a formula; save the file with values"),
        ("A4,De\x00lta,,,,,,,", "", "column “company” holds a NUL byte"),
        ("A4,Delta,no domain,,,,,,", "website", "“no domain” is no web address. Add the ending, for example kallio.fi."),
        (f"A4,{'x' * 201},,,,,,,", "company", "is longer than 200 characters"),
    ],
)
def test_bad_input_is_named_with_row_and_column_and_changes_nothing(write, at, line, column, message):
    found = load(write(GOOD + line + "\n"), at)

    assert found.status == "failed"
    assert ("refused", column, message, "", (5,)) in findings(found)
    assert Account.objects.count() == 0


def test_two_more_spellings_of_one_row_are_the_same_row(write, at):
    load(write("name,domain\nAlpha Tools,alpha.example\n"), at)

    again = load(write("name,domain,city\nALPHA TOOLS GmbH,https://alpha.example/about,Bonn\n"), at)

    assert counts(again) == {"create": 0, "update": 1, "same": 0, "refuse": 0}
    assert list(Account.objects.values_list("name", "city")) == [("ALPHA TOOLS GmbH", "Bonn")]


def test_an_import_is_taken_back(write, at):
    kept = account_services.create_account(actor=SYSTEM, name="Beta Works", domain="beta.example", city="Ulm", at=at)
    found = load(write("name,domain,city\nBeta Works,beta.example,Bonn\nGamma,gamma.example,Kiel\n"), at)

    done = services.undo_import(actor=SYSTEM, import_id=found.id, at=at)

    assert done == {"removed": 1, "restored": 1}
    assert list(Account.objects.values_list("pk", "name", "city")) == [(kept, "Beta Works", "Ulm")]
    assert Import.objects.get(pk=found.id).status == "undone"


def test_an_import_somebody_worked_on_is_not_taken_back(write, at):
    found = load(write(GOOD), at)
    gamma = Account.objects.get(name="Gamma")
    account_services.update_account(actor=SYSTEM, account_id=gamma.pk, changes={"industry": "retail"}, at=at)

    with pytest.raises(UndoRefused, match="“Gamma” was changed since: Industry"):
        services.undo_import(actor=SYSTEM, import_id=found.id, at=at)

    assert Account.objects.count() == 3
    assert Import.objects.get(pk=found.id).status == "done"


def test_an_account_that_is_used_by_now_is_not_taken_back(write, at):
    found = load(write(GOOD), at)
    account_services.create_contact(actor=SYSTEM, account_id=Account.objects.get(name="Beta Works").pk, name="Petra", at=at)

    with pytest.raises(UndoRefused, match="“Beta Works” has deals, contacts or shares by now"):
        services.undo_import(actor=SYSTEM, import_id=found.id, at=at)

    assert Account.objects.count() == 3


def test_contacts_find_their_accounts(write, at):
    load(write(GOOD), at)

    found = load(write("account,name,e-mail\nalpha tools,Petra Malá,petra@alpha.example\nGama,Jan,\n", "contacts.csv"), at, entity="contacts")

    assert found.status == "failed"
    assert ("refused", "account", "there is no “Gama”", "", (3,)) in findings(found)


def test_a_partner_file_makes_partners(write, at):
    from openprm.partners import queries as partners

    found = load(write("partner;country;type\nNordic Cloud;Finnland;Reseller\nSur Datos;España;distributer\n", "partners.csv"), at, entity="partners")

    assert counts(found)["create"] == 2
    rows = list(partners.export_partners(SYSTEM, filters={}))
    assert [(row.name, row.country, row.type) for row in rows] == [("Nordic Cloud", "FI", "reseller"), ("Sur Datos", "ES", "distributor")]


def test_the_rows_are_let_go_after_the_run(write, at):
    load(write(GOOD), at)

    assert ImportRow.objects.count() == 0


def test_a_reader_may_not_import(cast, write, at):
    with scope(cast.vendor_reader), pytest.raises(Exception, match="Your role cannot import accounts"):
        services.stage_file(actor=cast.vendor_reader, path=write(GOOD), entity="accounts")


def test_a_partner_sees_no_import(cast, write, at):
    found = load(write(GOOD), at)

    with scope(cast.partner_admin), pytest.raises(NotFound):
        queries.import_view(cast.partner_admin, found.id)


def test_a_column_that_is_missing_is_named(write, at):
    from openprm.integrations.imports.mapping import from_json

    mapping = from_json({"name": "m", "files": [{"entity": "accounts", "columns": {"Firma": "name"}}]})

    with pytest.raises(Invalid, match=r"accounts.csv has no column “Firma”; it has id, company"):
        load(write(GOOD), at, mapping=mapping)


def test_exported_accounts_can_be_imported_again(write, at, tmp_path):
    account_services.create_account(actor=SYSTEM, name="=Alpha & Co", domain="alpha.example", country="DE", at=at)
    out = tmp_path / "out.csv"

    services.export_to(actor=SYSTEM, entity="accounts", path=out, at=at)

    assert "'=Alpha & Co" in out.read_text("utf-8-sig")
    again = load(out, at)
    assert counts(again) == {"create": 0, "update": 0, "same": 1, "refuse": 0}
    assert [row.name for row in accounts.export_accounts(SYSTEM, filters={})] == ["=Alpha & Co"]
