"""Lists: from files, from records, over the API; odd input changes nothing."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from openprm.accounts.models import Account
from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.scope import scope, system_scope
from openprm.mapping import queries, services
from openprm.mapping.models import Entry, Match
from openprm.mapping.rules.filters import Filter, OpenDeal, Record, read_filter, suggestions
from openprm.mapping.rules.scores import Evidence, Given, reciprocity, score
from openprm.mapping.services.files import read
from openprm.mapping.services.rows import check
from openprm.mapping.testing import connect, make_list, rows_of, run_match

FILE = b"id,name,website,country,amount,currency,stage\r\n1,Acme Oy,acme.com,FI,1200.50,EUR,proposal\r\n2,Bora AS,bora.com,NO,,,\r\n"


class TestFiles:
    def test_read_csv(self):
        rows = read(FILE)
        assert [(row.key, row.name, row.domain, row.deals) for row in rows] == [
            ("1", "Acme Oy", "acme.com", (("1", 120050, "EUR", "proposal"),)),
            ("2", "Bora AS", "bora.com", ()),
        ]

    def test_read_a_workbook(self):
        book, out = Workbook(), io.BytesIO()
        book.active.append(["ID", "Company", "City"])
        book.active.append([17, "Acme Oy", "Espoo"])
        book.save(out)
        assert [(row.key, row.name, row.city) for row in read(out.getvalue())] == [("17", "Acme Oy", "Espoo")]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "empty"),
            (b"\x00\x01\x02", "neither"),
            (b"%PDF-1.7", "neither"),
            (b"<html><body>", "neither"),
            (b"PK\x03\x04nothing", "cannot be read"),
            (b"name\nAcme", "no column"),
            (b"id,id,name\n1,2,Acme", "Two columns"),
            (b'id,name\n1,"Acme', "quotation"),
            (b"id,name\n1," + b"x" * 10_001, "10000"),
            (b"id,name\n1," + b"x" * 10_000_000, "Row"),
            (b"id,name,amount,currency\n1,Acme,many,EUR", "Row 2"),
        ],
    )
    def test_that_are_odd_are_refused_with_a_sentence(self, content, said):
        with pytest.raises(Invalid, match=said):
            read(content)

    def test_of_mixed_encodings_are_refused_with_the_row(self):
        content = "id,name\n1,Blåbær AS\n".encode() + "2,Rødgrød ApS\n".encode("cp1252")
        with pytest.raises(Invalid, match="Row 3 is written in another encoding"):
            read(content)
        assert [row.name for row in read("id,name\n1,Rødgrød ApS\n".encode("cp1252"))] == ["Rødgrød ApS"]

    def test_with_a_third_of_the_rows_without_a_name_name_these_rows(self):
        rows = read(b"id,name,domain\n" + b"".join(b"%d,%s,c%d.com\n" % (n, b"" if n % 3 == 0 else b"Acme", n) for n in range(300)))
        with pytest.raises(Invalid) as refused:
            check(rows)
        said = [problem.message for problem in refused.value.problems]
        assert said[:2] == ["Row 2: It has no name.", "Row 5: It has no name."]
        assert (len(said), said[-1]) == (26, "100 rows cannot be taken; these are the first. Nothing was changed.")

    def test_with_look_alike_domains_are_refused(self):
        with pytest.raises(Invalid, match="mixes letters of two alphabets"):
            check(read("id,name,domain\n1,Paypal,p\u0430ypal.com\n".encode()))
        assert len(check(read("id,name,domain\n1,Яндекс,яндекс.рф\n".encode()))) == 1

    @pytest.mark.django_db
    def test_are_checked_without_a_change(self, cast, at):
        mine = make_list(cast.vendor_admin, ["Abloom"])
        with scope(cast.vendor_admin):
            would = services.upload(actor=cast.vendor_admin, population_id=mine, content=FILE, is_dry=True, at=at)
            assert (would.added, would.gone, would.by_name_alone) == (2, 1, 0)
            assert [row.name for row in Entry.objects.filter(population=mine)] == ["Abloom Oy"]
        page = cast.client("vendor_admin")
        address = f"/app/account-mapping/lists/{mine}/file/"
        told = page.post(address, {"file": SimpleUploadedFile("a.csv", FILE), "check": "yes"}).content.decode()
        assert "2 new, 0 changed, 1 gone" in told
        refused = page.post(address, {"file": SimpleUploadedFile("a.csv", b"id,name\n1,A\n1,B\n2,")})
        assert refused.status_code == 422
        assert "Row 4: It has no name." in refused.content.decode()

    @pytest.mark.django_db
    def test_are_taken_whole_or_not_at_all(self, cast, at):
        mine = make_list(cast.vendor_admin, ["Abloom"])
        with scope(cast.vendor_admin):
            with pytest.raises(Invalid, match="Row 3: The id is already in row 2"):
                services.upload(actor=cast.vendor_admin, population_id=mine, content=b"id,name\n1,A\n1,B", at=at)
            assert [row.name for row in Entry.objects.filter(population=mine)] == ["Abloom Oy"]
            done = services.upload(actor=cast.vendor_admin, population_id=mine, content=FILE, at=at)
            assert (done.added, done.gone) == (2, 1)
            again = services.upload(actor=cast.vendor_admin, population_id=mine, content=FILE, at=at)
            assert (again.added, again.changed, again.gone, again.same) == (0, 0, 0, 2)

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"id,name\n" + b"".join(b"%d,%s\n" % (n, b"" if n % 10 < 3 else b"Acme") for n in range(100)), "Row 2: It has no name."),
            ("id,name\n1,Blåbær AS\n".encode() + "2,Rødgrød ApS\n".encode("cp1252"), "Row 3 is written in another encoding"),
            (b"id,name\n1,A\n2,B\n1,C\n", "The id is already in row 2"),
            ("id,name,domain\n1,Paypal,p\u0430ypal.com\n".encode(), "mixes letters of two alphabets"),
            (b"id,name\n1,A\n2," + b"x" * 10_000_000, "Row 3"),
        ],
        ids=["30 % without a name", "mixed encodings", "an id twice", "a look-alike domain", "10 MB in one cell"],
    )
    def test_that_are_hostile_are_refused_on_the_page_and_nothing_is_written(self, cast, content, said):
        mine = make_list(cast.vendor_admin, ["Abloom"])

        refused = cast.client("vendor_admin").post(f"/app/account-mapping/lists/{mine}/file/", {"file": SimpleUploadedFile("a.csv", content)})

        assert (refused.status_code, said in refused.content.decode()) == (422, True)
        with scope(cast.vendor_admin):
            assert [row.name for row in Entry.objects.filter(population=mine)] == ["Abloom Oy"]


@pytest.mark.django_db
class TestRows:
    def test_put_away_are_gone_with_their_matches(self, cast, at):
        mine = make_list(cast.vendor_admin, ["Abloom", "Birkdale"], level="all")
        make_list(cast.partner_admin, ["Abloom", "Birkdale"])
        connect(cast.vendor_admin, cast.partner_admin)
        assert run_match(cast.partner_id) == 2
        with scope(cast.vendor_admin):
            assert services.drop_rows(actor=cast.vendor_admin, population_id=mine, keys=["vendor-abloom"], at=at) == 1
        with system_scope():
            assert Match.objects.count() == 1
        with scope(cast.vendor_admin):
            services.archive_list(actor=cast.vendor_admin, population_id=mine, at=at)
        with system_scope():
            assert (Entry.objects.filter(population=mine).count(), Match.objects.count()) == (0, 0)

    def test_a_refresh_compares_what_changed_and_keeps_the_rest(self, cast, at):
        mine = make_list(cast.vendor_admin, ["Abloom", "Birkdale"], level="all")
        make_list(cast.partner_admin, ["Abloom", "Birkdale", "Cortenna"], level="all")
        connect(cast.vendor_admin, cast.partner_admin)
        run_match(cast.partner_id)
        with system_scope():
            before = set(Match.objects.values_list("pk", flat=True))
        with scope(cast.vendor_admin):
            services.put_rows(actor=cast.vendor_admin, population_id=mine, rows=rows_of(["Cortenna"]), at=at)
        assert run_match(cast.partner_id) == 1
        with system_scope():
            after = set(Match.objects.values_list("pk", flat=True))
        assert before < after
        assert len(after) == 3


@pytest.mark.django_db
class TestRecords:
    def test_make_a_list_that_follows_them(self, cast, at, run_jobs):
        with scope(cast.vendor_admin):
            for number, country in enumerate(("FI", "FI", "SE")):
                Account(name=f"Acme {number} Oy", domain=f"acme{number}.com", country=country, is_customer=True).normalise().save()
            draft = services.ListDraft(name="Finland", kind="customers", source="records", filter=Filter(countries=("FI",)))
            mine = services.create_list(actor=cast.vendor_admin, draft=draft, at=at)
        run_jobs()
        with scope(cast.vendor_admin):
            assert queries.one_list(cast.vendor_admin, mine).row_count == 2
            with pytest.raises(Conflict):
                services.put_rows(actor=cast.vendor_admin, population_id=mine, rows=rows_of(["Cortenna"]), at=at)
            Account(name="Zeta Oy", domain="zeta.com", country="FI", is_customer=True).normalise().save()
        with system_scope():
            assert services.made_of_records() == (mine,)
            assert services.refresh(population_id=mine, at=at + timedelta(hours=1)) is True
            assert services.refresh(population_id=mine, at=at + timedelta(hours=1)) is False
        with scope(cast.vendor_admin):
            assert queries.one_list(cast.vendor_admin, mine).row_count == 3

    def test_news_of_new_overlaps_go_to_who_is_shown_them(self, cast, at, run_jobs):
        from openprm.inbox.models import Notification

        make_list(cast.vendor_admin, ["Abloom", "Birkdale"], level="overlaps")
        make_list(cast.partner_admin, ["Abloom", "Birkdale"])
        connect(cast.vendor_admin, cast.partner_admin)
        run_jobs()
        with system_scope():
            told = set(Notification.objects.filter(kind="mapping.overlaps").values_list("user", flat=True))
        assert told == {cast.partner_admin.user_id}


@pytest.mark.django_db
class TestLeaving:
    def test_ends_what_both_sides_show_and_later_deletes_the_rows(self, cast, at):
        make_list(cast.vendor_admin, ["Abloom"], level="all")
        make_list(cast.partner_admin, ["Abloom"], level="all")
        connect(cast.vendor_admin, cast.partner_admin)
        run_match(cast.partner_id)
        with system_scope():
            assert services.end_for(partner_id=cast.partner_id, at=at) == 2
            assert services.end_for(partner_id=cast.partner_id, at=at) == 0
        with scope(cast.partner_admin):
            assert queries.shown(cast.partner_admin, cast.partner_id, at) == ()
        with system_scope():
            assert services.forget_partner(partner_id=cast.partner_id, at=at) == 1
            assert list(Entry.objects.values_list("owner", flat=True)) == [cast.vendor.pk]


class TestRules:
    def test_a_filter_asks_of_one_and_the_same_deal_and_of_its_sums(self):
        deals = (
            OpenDeal(minor=100, currency="EUR", stage="proposal", program="Gold", closes_on=date(2027, 1, 10)),
            OpenDeal(minor=900, currency="EUR", stage="lead", program="Silver", closes_on=date(2027, 6, 1)),
        )
        one = Record(key="1", name="Acme", country="FI", industry="steel", owner="Aino", won_on=date(2026, 5, 1), open_deals=deals)
        asked = {
            "countries": (("FI",), True), "industries": (("paper",), False), "owners": (("Aino",), True), "programs": (("Gold",), True),
            "stages": (("won",), False), "closes_from": (date(2027, 2, 1), True), "closes_until": (date(2026, 12, 31), False),
            "won_from": (date(2026, 5, 1), True), "won_until": (date(2026, 4, 30), False),
        }  # fmt: skip
        for name, (value, kept) in asked.items():
            assert Filter(**{name: value}).keeps(one) is kept, name
        assert Filter(stages=("proposal",), programs=("Silver",)).keeps(one) is False
        assert Filter(stages=("proposal",), least_minor=500, currency="EUR").keeps(one) is False
        assert Filter(least_minor=1000, currency="EUR").keeps(one) is True
        assert Filter(most_minor=999, currency="EUR").keeps(one) is False
        assert Filter(least_minor=1, currency="USD").keeps(one) is False

    def test_a_filter_comes_back_as_it_was_kept(self):
        wanted = Filter(countries=("FI",), stages=("lead",), least_minor=5, currency="EUR", closes_from=date(2027, 1, 1))
        assert read_filter(json.loads(json.dumps(wanted.plain()))) == wanted

    def test_a_filter_is_suggested_with_its_reason(self):
        records = [Record(key=str(n), name=f"C{n}", country="FI" if n < 12 else "SE") for n in range(20)]
        assert [(one.value, one.count, one.total) for one in suggestions(records)] == [("FI", 12, 20)]

    @pytest.mark.parametrize(
        ("told", "grade"),
        [
            ((9, 0, 10, 10, 50, 100), "unknown"),
            ((10, 5, 10, 20, 20, 100), "high"),
            ((10, 10, 10, 10, 4, 100), "medium"),
            ((10, 10, 10, 10, 0, 100), "low"),
            ((10, 90, 90, 10, 0, 100), "none"),
        ],
    )
    def test_a_score_needs_ten_won_deals(self, told, grade):
        names = ("won_here", "lost_here", "won_elsewhere", "lost_elsewhere", "open_here", "open_total")
        assert score(Evidence(**dict(zip(names, told, strict=True)))).grade == grade

    def test_reciprocity_weighs_by_value_where_both_tell_one(self):
        found = reciprocity(Given(companies=10, values={"EUR": 200}), Given(companies=5, values={"EUR": 50}))
        assert (str(found.by_value), str(found.by_companies)) == ("25.0", "50.0")
        assert reciprocity(Given(companies=0, values={}), Given(companies=5, values={})).by_companies is None
