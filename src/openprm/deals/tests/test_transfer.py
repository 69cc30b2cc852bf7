from datetime import date
from decimal import Decimal

import pytest

from openprm.accounts.testing import make_account
from openprm.deals import services
from openprm.deals.models import ExchangeRate, Line, Opportunity, Product, ProtectionGrant, Registration, Renewal
from openprm.deals.queries import won_by_partner
from openprm.deals.testing import make_catalogue
from openprm.deals.transfer import OpportunityImporter, ProductImporter, RegistrationExporter, RegistrationImporter
from openprm.kernel.errors import NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.transfer import Change, How

pytestmark = pytest.mark.django_db
SOURCE = "crm"


@pytest.fixture
def catalogue(db):
    return make_catalogue()


def create(actor, importer, rows, at):
    with scope(actor):
        return importer.create(actor=actor, rows=rows, source=SOURCE, at=at)


def test_products_bring_their_lines_and_are_found_again(cast, at):
    rows = [
        {"external_id": "GTX Pro", "name": "GTX Pro", "family": "GTX", "list_price_minor": 4_821_00, "currency": "USD"},
        {"external_id": "GTX Basic", "name": "GTX Basic", "family": "gtx", "list_price_minor": None, "currency": "USD"},
    ]

    ids = create(cast.partner_manager, ProductImporter(), rows, at)

    with scope(cast.partner_manager):
        assert {product.line.name for product in Product.objects.all()} == {"GTX"}
        found = ProductImporter().lookup(actor=cast.partner_manager, texts=["GTXPro", "GTX Pro", "MG Special"], source=SOURCE)
        assert ProductImporter().find(actor=cast.partner_manager, rows=rows, source=SOURCE) == ids
        stands = ProductImporter().current(actor=cast.partner_manager, ids=ids)
    assert {text: (one.id, one.how) for text, one in found.items()} == {
        "GTXPro": (ids[0], How.NORMALISED),
        "GTX Pro": (ids[0], How.EXACT),
        "MG Special": (None, How.UNKNOWN),
    }
    assert stands[ids[0]] == {"external_id": "GTX Pro", "name": "GTX Pro", "family": "GTX", "list_price_minor": 4_821_00, "currency": "USD"}


def test_opportunities_come_with_gaps_and_their_sums_are_told(cast, catalogue, at):
    with system_scope():
        ExchangeRate.objects.create(currency="USD", base="EUR", rate=Decimal("0.90"), rate_date=date(2017, 1, 1))
    account_id = make_account(name="Cancity")
    won = {"external_id": "A", "name": "GTX, Cancity", "account": account_id, "product": catalogue.mes_core.pk, "partner": cast.partner_id}
    won |= {
        "stage": "launched",
        "status": "won",
        "amount_minor": 1_054_00,
        "currency": "USD",
        "opened_date": date(2016, 10, 20),
        "close_date": date(2017, 3, 1),
    }
    bare = {"external_id": "B", "name": None, "account": None, "product": None, "partner": None, "stage": "prospect", "status": "open", "amount_minor": None}
    bare |= {"currency": "USD", "opened_date": None, "close_date": None}

    ids = create(cast.partner_manager, OpportunityImporter(), [won, bare], at)

    with scope(cast.partner_manager):
        first, second = (Opportunity.objects.get(pk=one) for one in ids)
        sums = won_by_partner(cast.partner_manager, SOURCE)
    assert (first.base_amount_minor, first.fx_rate, first.product_line_id, first.closed_at.date()) == (
        948_60,
        Decimal("0.9"),
        catalogue.mes.pk,
        date(2017, 3, 1),
    )
    assert (second.name, second.currency, second.base_amount_minor) == ("B", "", None)
    assert [(one.partner_name, one.opportunities, one.won, one.won_minor) for one in sums] == [("Kallio Digital", 1, 1, 1_054_00), ("", 1, 0, 0)]


def test_a_second_run_changes_only_what_differs(cast, catalogue, at):
    row = {"external_id": "A", "name": "Deal", "stage": "prospect", "status": "open", "amount_minor": 5_00, "currency": "EUR"}
    (made,) = create(cast.partner_manager, OpportunityImporter(), [row], at)

    with scope(cast.partner_manager):
        importer = OpportunityImporter()
        assert importer.find(actor=cast.partner_manager, rows=[row], source=SOURCE) == [made]
        importer.update(actor=cast.partner_manager, changes=[Change(made, {"stage": "prospect"}, {"stage": "committed"})], at=at)
        assert Opportunity.objects.get(pk=made).stage == "committed"
        importer.remove(actor=cast.partner_manager, ids=[made], at=at)
        assert not Opportunity.objects.exists()


def registration_row(cast, catalogue, **changes):
    row = {"external_id": "R1", "partner": cast.partner_id, "account": make_account(name="Vega"), "title": "Vega rollout", "product": catalogue.mes_core.pk}
    row |= {"amount_minor": 9_000_00, "currency": "EUR", "status": "approved", "submitted_date": date(2026, 10, 1), "decided_date": date(2026, 10, 2)}
    return row | {"protected_until": date(2027, 1, 1), "customer_country": "FI"} | changes


def test_an_approved_registration_brings_its_live_protection(cast, catalogue, at):
    (made,) = create(cast.partner_manager, RegistrationImporter(), [registration_row(cast, catalogue)], at)

    with system_scope():
        row, grant = Registration.objects.get(pk=made), ProtectionGrant.objects.get()
    assert (row.status, row.customer_name, row.base_amount_minor, row.protected_until.date()) == ("approved", "Vega", 9_000_00, date(2027, 1, 1))
    assert (grant.registration_id, grant.product_line_id, grant.territory_id) == (made, catalogue.mes.pk, catalogue.nordics.pk)


def test_a_second_live_protection_in_a_file_is_refused_by_the_database(cast, catalogue, at):
    from django.db import IntegrityError, transaction

    row = registration_row(cast, catalogue)
    with scope(cast.partner_manager), pytest.raises(IntegrityError, match="one_live_protection"), transaction.atomic():
        RegistrationImporter().create(
            actor=cast.partner_manager, rows=[row, row | {"external_id": "R2", "partner": cast.other_partner_id}], source=SOURCE, at=at
        )

    with system_scope():
        assert not Registration.objects.exists()


@pytest.mark.parametrize("status", ["draft", "rejected", "withdrawn", "expired", "closed_won", "closed_lost", "canceled"])
def test_what_was_decided_elsewhere_can_be_kept(cast, catalogue, at, status):
    (made,) = create(cast.partner_manager, RegistrationImporter(), [registration_row(cast, catalogue, status=status, protected_until=None)], at)

    with system_scope():
        assert Registration.objects.get(pk=made).status == status
        assert not ProtectionGrant.objects.exists()


def test_problems_are_named_by_field(cast, catalogue, at):
    importer = RegistrationImporter()
    rows = [registration_row(cast, catalogue, account=None), registration_row(cast, catalogue, currency=None), registration_row(cast, catalogue)]
    with scope(cast.partner_manager):
        problems = importer.check(actor=cast.partner_manager, rows=rows, found=[None, None, None])
    assert [[problem.field for problem in row] for row in problems] == [["account", "customer_name"], ["currency"], []]


def test_a_file_cannot_decide_what_is_here_already(cast, catalogue, at):
    importer = RegistrationImporter()
    (made,) = create(cast.partner_manager, importer, [registration_row(cast, catalogue)], at)

    with scope(cast.partner_manager):
        problems = importer.check(actor=cast.partner_manager, rows=[{"external_id": "R1", "status": "closed_won"}], found=[made])
    assert [problem.field for problem in problems[0]] == ["status"]


def test_a_partner_cannot_import(cast, catalogue, at):
    with pytest.raises(NotAllowed):
        create(cast.partner_admin, ProductImporter(), [{"name": "x"}], at)


def test_an_export_holds_what_the_person_sees(cast, catalogue, at):
    rows = [registration_row(cast, catalogue), registration_row(cast, catalogue, external_id="R2", partner=cast.other_partner_id, status="draft")]
    create(cast.partner_manager, RegistrationImporter(), rows, at)

    with scope(cast.partner_rep):
        exported = list(RegistrationExporter().rows(actor=cast.partner_rep, filters={}, at=at))

    assert [(row[2], row[7], row[8], row[11]) for row in exported] == [("Vega rollout", "9000.00", "EUR", "approved")]


def test_a_term_of_a_file_opens_the_renewal_of_a_won_deal(cast, catalogue, at):
    won = registration_row(cast, catalogue, status="closed_won", protected_until=None, decided_date=date(2025, 12, 20))
    rows = [
        won | {"term_months": 12},
        won | {"external_id": "R2", "term_ends_on": date(2027, 1, 15)},
        won | {"external_id": "R3"},
        registration_row(cast, catalogue, external_id="R4", term_months=24),
    ]
    with scope(cast.partner_manager):
        assert RegistrationImporter().check(actor=cast.partner_manager, rows=rows, found=[None] * 4) == [(), (), (), ()]
    ids = create(cast.partner_manager, RegistrationImporter(), rows, at)

    with system_scope():
        lines = {line.registration_id: (line.term_months, line.term_starts_on, line.term_ends_on) for line in Line.objects.all()}
        assert [lines[one] for one in ids] == [
            (12, date(2025, 12, 20), date(2026, 12, 20)),
            (13, date(2025, 12, 20), date(2027, 1, 15)),
            (0, None, None),
            (24, None, None),
        ]
        assert services.open_renewals(at=at) == 2
        assert sorted(Renewal.objects.values_list("registration_id", flat=True)) == sorted(ids[:2])
    with scope(cast.partner_manager):
        RegistrationImporter().update(actor=cast.partner_manager, changes=[Change(ids[2], {}, {"term_months": 13})], at=at)
    with system_scope():
        assert Line.objects.get(registration=ids[2]).term_ends_on == date(2027, 1, 20)
        assert services.open_renewals(at=at) == 1


def test_a_term_that_cannot_be_is_named(cast, catalogue, at):
    importer = RegistrationImporter()
    won = {"status": "closed_won", "protected_until": None, "decided_date": date(2026, 1, 10)}
    rows = [
        registration_row(cast, catalogue, term_months=241),
        registration_row(cast, catalogue, term_ends_on=date(2027, 5, 1)),
        registration_row(cast, catalogue, **won, term_ends_on=date(2026, 1, 10)),
    ]
    (made,) = create(cast.partner_manager, importer, [registration_row(cast, catalogue, **won, term_months=12)], at)
    with scope(cast.partner_manager):
        new = importer.check(actor=cast.partner_manager, rows=rows, found=[None, None, None])
        known = importer.check(actor=cast.partner_manager, rows=[{"external_id": "R1", "term_months": 24}], found=[made])
    assert [[problem.field for problem in row] for row in (*new, *known)] == [["term_months"], ["term_ends_on"], ["term_ends_on"], ["term_months"]]
