"""Nobody of the vendor sees any of it, tried every way that there is."""

import json
from dataclasses import replace

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.urls import reverse

from openprm.audit.models import Event
from openprm.identity.models import Membership, Organization
from openprm.kernel import db
from openprm.kernel.actor import SYSTEM, Actor, Side
from openprm.kernel.errors import NotAllowed
from openprm.kernel.registry import registry
from openprm.kernel.scope import scope, system_scope
from openprm.profitability import queries, services
from openprm.profitability.models import Book, Change, Entry, Group, Rate
from openprm.profitability.testing import SOME_DAY, make_book, make_entry

pytestmark = pytest.mark.django_db
TABLES = {model._meta.db_table for model in (Book, Group, Rate, Entry, Change)}
SECRET = "Margin talk with Zanzibar"


@pytest.fixture
def kept(cast):
    make_book(cast.partner_admin)
    return make_entry(cast.partner_admin, amount_minor=777_77, note=SECRET, external_id="ZZ-1")


def _viewing(cast) -> Actor:
    """An administrator of the vendor who looks at the portal as the partner: what identity makes of it."""
    return replace(
        cast.vendor_admin,
        side=Side.PARTNER,
        organization_id=cast.partner_id,
        partner_ids=(cast.partner_id,),
        roles=frozenset({"partner_admin"}),
        read_only=True,
        viewing_as=cast.partner_id,
    )


def _seen() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in sorted(TABLES):
            cursor.execute(f"select count(*) from {table}")
            counts[table] = cursor.fetchone()[0]
    return counts


NOTHING = dict.fromkeys(TABLES, 0)


class TestTheDatabase:
    def test_gives_the_vendors_administrator_no_row(self, cast, kept):
        with scope(cast.vendor_admin):
            assert _seen() == NOTHING

    def test_gives_the_system_no_row(self, kept):
        with system_scope():
            assert _seen() == NOTHING

    def test_gives_a_view_as_the_partner_no_row(self, cast, kept):
        with scope(_viewing(cast)):
            assert _seen() == NOTHING

    def test_gives_the_view_no_row_even_when_it_forgets_that_it_is_one(self, cast, kept):
        with scope(replace(_viewing(cast), read_only=False, viewing_as=None)):
            assert _seen() == NOTHING

    def test_gives_the_making_of_an_offboarding_export_no_row(self, cast, kept):
        nobody = Actor(side=Side.PARTNER, name="Kallio", organization_id=cast.partner_id, partner_ids=(cast.partner_id,), roles=frozenset({"partner_admin"}))
        with scope(nobody):
            assert _seen() == NOTHING

    @pytest.mark.parametrize("person", ["partner_rep", "partner_reader", "other_partner_admin"])
    def test_gives_others_no_row(self, cast, kept, person):
        with scope(getattr(cast, person)):
            assert _seen() == NOTHING

    def test_gives_a_disabled_administrator_no_row(self, cast, kept):
        with system_scope():
            Membership.objects.filter(user=cast.partner_admin.user_id).update(state="disabled")
        with scope(cast.partner_admin):
            assert _seen() == NOTHING

    def test_gives_the_partners_administrator_its_own(self, cast, kept):
        with scope(cast.partner_admin):
            assert _seen() == {
                "profitability_book": 1, "profitability_change": 3, "profitability_entry": 1, "profitability_group": 1, "profitability_rate": 1,
            }  # fmt: skip

    def test_lets_the_vendor_write_nothing_into_it(self, cast, kept):
        with pytest.raises(DatabaseError, match="row-level security"), scope(cast.vendor_admin):
            Change(partner_id=cast.partner_id, person="Ingrid", what="book").save(force_insert=True)

    def test_keeps_no_policy_for_the_vendors_role(self):
        rows = db.rows("select tablename from pg_policies where tablename like 'profitability%%' and 'openprm_vendor' = any (roles)")

        assert rows == []


class TestTheCode:
    def test_refuses_whoever_is_no_insider(self, cast, kept, at):
        for actor in (cast.vendor_admin, cast.finance_manager, SYSTEM, _viewing(cast), cast.partner_rep, cast.stranger):
            for read in (
                lambda a: queries.book(a, at),
                lambda a: queries.statement(a, queries.Asked(), at),
                lambda a: queries.everything(a, at),
                queries.journal,
                lambda a: queries.entry(a, kept),
                queries.newest,
            ):
                with scope(actor), pytest.raises(NotAllowed):
                    read(actor)

    def test_lets_no_outsider_write(self, cast, kept, at):
        draft = services.Draft(kind="membership", month=at.date(), amount_minor=1)
        for actor in (cast.vendor_admin, _viewing(cast), cast.partner_rep):
            with scope(actor), pytest.raises(NotAllowed):
                services.record(actor=actor, draft=draft, at=at)
            with scope(actor), pytest.raises(NotAllowed):
                services.forget_everything(actor=actor, at=at)
        with scope(cast.partner_admin):
            assert Entry.objects.count() == 1


class TestThePages:
    def _look(self, cast):
        client = cast.client("vendor_admin")
        client.post(reverse("identity:view_as", args=[cast.partner_id]), {"reason": "Asked for help with the portal."})
        return client

    def test_do_not_open_to_a_view_as_the_partner(self, cast, kept):
        client = self._look(cast)
        assert client.get("/portal/").status_code == 200

        for path in ("", "entries/", f"entries/{kept}/", "settings/", "file/", "entries/?export=csv"):
            answer = client.get(f"/portal/our-profit/{path}")
            assert answer.status_code == 403
            assert SECRET not in answer.content.decode()

    def test_show_a_view_as_the_partner_no_way_to_them(self, cast, kept):
        assert "our-profit" not in self._look(cast).get("/portal/").content.decode()
        assert "our-profit" in cast.client("partner_admin").get("/portal/").content.decode()

    def test_tell_the_vendor_that_it_cannot_read_them(self, cast, kept):
        answer = cast.client("vendor_admin").get(reverse("profitability:about")).content.decode()

        assert "You cannot read any of it" in answer
        assert "777" not in answer

    @pytest.mark.parametrize("path", ["/app/", "/app/audit/", "/search?q=Zanzibar", "/app/search/?q=Zanzibar"])
    def test_of_the_vendor_show_none_of_it(self, cast, kept, path):
        answer = cast.client("vendor_admin").get(path, follow=True).content.decode()

        assert SECRET not in answer
        assert "777.77" not in answer

    def test_are_not_kept_by_browsers_between(self, cast, kept):
        assert cast.client("partner_admin").get("/portal/our-profit/")["Cache-Control"] == "private, no-store"


class TestWhatIsKeptElsewhere:
    def test_the_sealed_log_holds_nothing_of_it(self, cast, kept):
        with system_scope():
            texts = [json.dumps(event, default=str) for event in Event.objects.values()]

        assert [text for text in texts if "profit" in text.casefold() or SECRET in text] == []

    def test_answers_kept_for_repeated_requests_hold_only_ids(self, cast, kept):
        body = {"kind": "membership", "month": "2026-03-01", "amount_minor": 888_88, "note": SECRET}
        client = cast.client("partner_admin")
        assert (
            client.post("/api/v1/own-profit/entries", json.dumps(body), content_type="application/json", headers={"Idempotency-Key": "k1"}).status_code == 201
        )

        with system_scope():
            (answer,) = db.rows("select route, convert_from(body, 'utf8') as body from kernel_api_answer")
        assert answer["route"] == "POST /api/v1/own-profit/entries"
        assert set(json.loads(answer["body"])) == {"id"}

    def test_no_queued_job_carries_any_of_it(self, cast, kept):
        with system_scope():
            rows = db.rows("select args::text from procrastinate_jobs")

        assert [row for row in rows if SECRET in row["args"] or "profitability" in row["args"]] == []

    def test_the_room_gives_nothing_to_search_audit_exports_and_imports(self):
        (mine,) = (wiring for wiring in registry.wirings if wiring.domain == "profitability")

        assert (mine.search, mine.audit_verbs, mine.exporters, mine.importers, mine.datasets, mine.subscriptions) == ((), {}, (), (), (), ())
        assert set(mine.ports) == {"offboarding.erasure"}

    def test_every_other_table_is_clean(self, cast, kept):
        """Whatever a request may have left behind, in any table that the vendor's role reads."""
        with scope(cast.vendor_admin):
            tables = [
                row["table_name"]
                for row in db.rows("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")
            ]
            found = []
            for table in tables:
                if db.value("select has_table_privilege(%s, 'select')", [table]):
                    found += [table] if db.value(f'select count(*) from "{table}" t where t::text like %s', [f"%{SECRET}%"]) else []

        assert found == []


class TestDeleting:
    def test_is_the_partners_own_at_any_time(self, cast, kept, at):
        with scope(cast.partner_admin) as actor:
            assert services.forget_everything(actor=actor, at=at) == 1
            assert _seen() == NOTHING

    def test_leaves_the_books_of_others(self, cast, kept, at):
        make_book(cast.other_partner_admin)
        with scope(cast.other_partner_admin) as actor:
            services.forget_everything(actor=actor, at=at)
        with scope(cast.partner_admin):
            assert Entry.objects.count() == 1

    def test_by_the_vendors_side_is_refused_while_the_partner_is_there(self, cast, kept):
        with pytest.raises(DatabaseError, match="its own"), system_scope():
            services.forget_partner(partner_id=cast.partner_id, at=SOME_DAY)
        with scope(cast.partner_admin):
            assert Entry.objects.count() == 1

    def test_goes_along_when_a_partner_that_left_is_forgotten(self, cast, kept):
        with system_scope():
            Organization.objects.filter(pk=cast.partner_id).update(status="offboarded")
            assert services.forget_partner(partner_id=cast.partner_id, at=SOME_DAY) == 1
        with scope(cast.partner_admin):
            assert _seen() == NOTHING
