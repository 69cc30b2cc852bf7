"""The pages of the books, by the people who open them."""

from datetime import date

import pytest
from django.urls import reverse

from openprm.kernel.scope import system_scope
from openprm.ledger.models import Account, Entry, Period
from openprm.ledger.testing import make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(cast, at):
    with system_scope():
        make_entry(cast.partner.pk, key="october", day=date(2026, 10, 5), memo="<script>alert(1)</script>", at=at)
        make_entry(cast.other_partner.pk, key="november", amount_minor=9900, at=at)


def test_the_overview_says_that_the_books_balance(cast, booked):
    page = cast.client("finance_manager").get("/app/books/?on=2026-10-31").content.decode()

    assert "Balanced" in page
    assert "€12.50" in page
    assert "€99.00" not in page


def test_every_page_of_the_books_opens(cast, booked):
    client = cast.client("vendor_admin")
    with system_scope():
        entry = Entry.objects.get(key="october")
        account = entry.legs.exclude(partner=None).get().account_id

    for name, args in (
        ("overview", ()), ("accounts", ()), ("account", (account,)), ("entries", ()), ("entry", (entry.pk,)), ("book_by_hand", ()), ("periods", ()),
        ("period", (2026, 10)), ("export", ()), ("codes", ()), ("export_settings", ()), ("code", ("partner.payable",)),
    ):  # fmt: skip
        answer = client.get(reverse(f"ledger:{name}", args=args))
        assert answer.status_code == 200, name
        assert "<script>alert" not in answer.content.decode()


def test_a_month_closes_on_its_page_and_only_as_it_was_seen(cast, booked):
    client = cast.client("finance_manager")
    url = reverse("ledger:period", args=[2026, 10])
    seen = client.get(url).context["closing"].seen

    assert client.post(url, {"seen": "something else"}).status_code == 422
    assert client.post(url, {"seen": seen}).status_code == 303

    with system_scope():
        assert Period.objects.get(month=date(2026, 10, 1)).state == "closed"
    assert "Fingerprint" in client.get(url).content.decode()
    assert client.post(url, {"seen": seen}).status_code == 422


def test_booking_by_hand_and_booking_it_back(cast, booked):
    client = cast.client("finance_manager")
    values = {"debit": "rounding", "credit": "cash.bank", "amount": "3.10", "currency": "EUR", "value_date": "2026-11-20", "memo": "Bank charges", "key": "k"}

    assert client.post("/app/books/entries/new/", {**values, "amount": "3.105"}).status_code == 422
    assert client.post("/app/books/entries/new/", values).status_code == 303
    with system_scope():
        made = Entry.objects.get(kind="books.by_hand")
        assert list(made.legs.order_by("id").values_list("amount_minor", flat=True)) == [310, -310]

    url = reverse("ledger:reverse", args=[made.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Wrong account."}).status_code == 303
    with system_scope():
        assert Entry.objects.get(reverses=made).memo == "Wrong account."


def test_an_entry_of_a_room_is_not_booked_back_by_hand(cast, booked):
    with system_scope():
        entry = Entry.objects.get(key="october")

    assert cast.client("finance_manager").post(reverse("ledger:reverse", args=[entry.pk]), {"reason": "No."}).status_code == 422
    with system_scope():
        assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    ("format", "first"), [("general", "\ufeffEntry,Date"), ("xero", "\ufeff*Narration"), ("quickbooks", "\ufeff*JournalNo"), ("datev", '"EXTF";700;21')]
)
def test_the_books_are_exported_in_every_format(cast, booked, format, first):
    answer = cast.client("finance_manager").get(f"/app/books/export/file/?format={format}&since=2026-10-01&until=2026-11-30")

    assert answer.status_code == 200
    assert answer.content.decode("cp1252" if format == "datev" else "utf-8").startswith(first)


def test_a_span_that_ends_before_it_begins_is_refused(cast, booked):
    assert cast.client("finance_manager").get("/app/books/export/file/?format=datev&since=2026-11-01&until=2026-10-01").status_code == 422


def test_account_codes_are_changed_and_wrong_ones_refused(cast, booked):
    client = cast.client("finance_manager")
    url = reverse("ledger:code", args=["partner.payable"])

    assert client.post(url, {"datev": "12x"}).status_code == 422
    assert client.post(url, {"general": "=1+1"}).status_code == 422
    assert client.post(url, {"general": "2100", "datev": "3501"}).status_code == 303
    body = client.get("/app/books/export/file/?format=datev&since=2026-11-01&until=2026-11-30").content.decode("cp1252")
    assert ";6969;3501;" in body


def test_a_partner_sees_no_page_of_the_books_and_its_own_statement_alone(cast, booked):
    client = cast.client("partner_admin") if hasattr(cast, "partner_admin") else cast.client("partner_rep")

    assert client.get("/app/books/").status_code == 404
    assert client.get("/app/books/entries/").status_code == 404


def test_a_partner_reads_its_own_account_and_takes_it_along(cast, booked, at):
    client = cast.client("partner_admin")
    page = client.get("/portal/account/?since=2026-10-01&until=2026-10-31").content.decode()
    assert "€12.50" in page
    assert "€99.00" not in page
    assert "<script>alert" not in page
    csv = client.get("/portal/account/?since=2026-10-01&until=2026-10-31&export=csv").content.decode("utf-8-sig").splitlines()
    assert len(csv) == 2
    assert "12.50" in csv[1]
    assert "&lt;script&gt;" not in csv[1]
    with system_scope():
        other = Account.objects.get(kind="partner.payable", partner=cast.other_partner).pk
    assert client.get(f"/portal/account/?account={other}").status_code == 404
    assert client.get("/portal/account/?account=nothing").status_code == 404
    assert client.get("/portal/account/?since=x&until=2026-13-45").status_code == 200


def test_a_partner_without_a_booking_reads_when_there_will_be_one(cast):
    assert "Nothing is booked for you yet" in cast.client("other_partner_admin").get("/portal/account/").content.decode()
