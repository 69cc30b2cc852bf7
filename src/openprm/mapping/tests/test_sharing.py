"""Who sees what, cell by cell: by the queries, and by the database when a query forgets to ask."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from openprm.kernel.actor import Actor, Side
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.mapping import queries, services
from openprm.mapping.models import Detail, Entry, Grant, Look, Match, Population, Term, Verdict
from openprm.mapping.testing import connect, make_list, rows_of, run_match

pytestmark = pytest.mark.django_db

NAMES = [
    "Abloom", "Birkdale", "Cortenna", "Dovrekraft", "Elvestad", "Fjordtech", "Granlund", "Hemsedal", "Iskender", "Jarlsberg", "Kvaerner", "Lofotsild",
    "Mjosplast", "Nordkapp", "Orkanger", "Polarlys", "Quistgaard", "Rjukan", "Setesdal", "Tysfjord", "Ulsteinvik", "Vesteralen",
]  # fmt: skip
COMMON = NAMES[:7]
ONLY_VENDOR = NAMES[:22]
ONLY_PARTNER = [*COMMON, *[f"Partneronly{name}" for name in NAMES[7:20]]]
LEVELS = ("hidden", "counts", "overlaps", "all")


def _world(cast, vendor_level: str, partner_level: str, *, fields: tuple[str, ...] = ()):
    mine = make_list(cast.vendor_admin, ONLY_VENDOR, level=vendor_level, fields=fields, minor=1000_00)
    theirs = make_list(cast.partner_admin, ONLY_PARTNER, level=partner_level, fields=fields, minor=500_00)
    connect(cast.vendor_admin, cast.partner_admin)
    run_match(cast.partner_id)
    return mine, theirs


def _raw(table: str, owner_id) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from mapping_{table} where owner_id = %s", [owner_id])
        return cursor.fetchone()[0]


def _raw_matches() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from mapping_match")
        return cursor.fetchone()[0]


ROWS_SEEN = {"hidden": (0, 0), "counts": (1, 0), "overlaps": (1, 7), "all": (1, None)}


@pytest.mark.parametrize("vendor_level", LEVELS)
@pytest.mark.parametrize("partner_level", LEVELS)
class TestTheMatrixOfWhoSeesWhat:
    def test_in_the_database(self, cast, vendor_level, partner_level):
        _world(cast, vendor_level, partner_level)
        for actor, owner, level, size in (
            (cast.vendor_admin, cast.partner_id, partner_level, len(ONLY_PARTNER)),
            (cast.partner_admin, cast.vendor.pk, vendor_level, len(ONLY_VENDOR)),
        ):
            lists, rows = ROWS_SEEN[level]
            with scope(actor):
                assert _raw("population", owner) == lists
                assert _raw("entry", owner) == (size if rows is None else rows)
                assert _raw("detail", owner) == 0
                assert _raw("making", owner) == 0
                assert _raw("term", owner) == 0
                assert _raw_matches() == (7 if level in ("overlaps", "all") else 0)

    def test_in_the_queries(self, cast, at, vendor_level, partner_level):
        mine, theirs = _world(cast, vendor_level, partner_level)
        for actor, own, other, level in ((cast.vendor_admin, mine, theirs, partner_level), (cast.partner_admin, theirs, mine, vendor_level)):
            with scope(actor):
                found = queries.matrix(actor, cast.partner_id, at)
                counts = [cell.count for row in found.rows for cell in row.cells]
                assert counts == {"hidden": [], "counts": [5], "overlaps": [7], "all": [7]}[level]
                if level in ("overlaps", "all"):
                    rows = queries.overlaps(actor, queries.newest_matches(actor, own, other, at), at)
                    assert sorted(row.theirs.name for row in rows) == sorted(f"{name} Oy" for name in COMMON)
                    assert {row.theirs.key for row in rows} == {""}
                else:
                    with pytest.raises(NotFound):
                        queries.newest_matches(actor, own, other, at)
                if level == "all":
                    assert queries.whitespace(actor, other, at).count() == (13 if actor.is_vendor else 15)
                else:
                    with pytest.raises(NotFound):
                        queries.whitespace(actor, other, at)

    def test_never_for_another_partner_nor_for_who_views_the_portal(self, cast, vendor_level, partner_level):
        _world(cast, vendor_level, partner_level)
        viewing = replace(
            cast.vendor_admin, side=Side.PARTNER, organization_id=cast.partner_id, partner_ids=(cast.partner_id,), roles=frozenset({"partner_admin"})
        )
        for actor in (cast.other_partner_admin, viewing):
            with scope(actor):
                for table in ("population", "entry", "detail", "making", "term", "grant", "look"):
                    assert _raw(table, cast.partner_id) == _raw(table, cast.vendor.pk) == 0
                assert _raw_matches() == 0


class TestAgreeing:
    def test_nothing_is_shown_before_both_have_agreed(self, cast, at):
        make_list(cast.vendor_admin, ONLY_VENDOR, level="all")
        make_list(cast.partner_admin, ONLY_PARTNER, level="all")
        with scope(cast.vendor_admin):
            assert services.agree(actor=cast.vendor_admin, partner_id=cast.partner_id, at=at) is False
        assert run_match(cast.partner_id) == 0
        with scope(cast.vendor_admin):
            assert Grant.objects.count() == 0
            assert _raw("entry", cast.partner_id) == 0
        with scope(cast.partner_admin):
            assert services.agree(actor=cast.partner_admin, partner_id=cast.partner_id, at=at) is True
        assert run_match(cast.partner_id) == 7

    def test_a_new_list_is_hidden_until_its_owner_says_more(self, cast, at):
        connect(cast.vendor_admin, cast.partner_admin)
        make_list(cast.vendor_admin, ONLY_VENDOR)
        with scope(cast.partner_admin):
            assert Population.objects.count() == 0
            assert queries.received(cast.partner_admin, at) == ()

    @pytest.mark.parametrize("who", ["vendor_admin", "partner_admin"])
    def test_either_side_ends_it_at_once_for_both(self, cast, at, who):
        _world(cast, "all", "all")
        actor = getattr(cast, who)
        with scope(actor):
            services.end(actor=actor, partner_id=cast.partner_id, at=at)
        run_match(cast.partner_id)
        with scope(cast.vendor_admin):
            assert _raw("entry", cast.partner_id) == 0
        with scope(cast.partner_admin):
            assert _raw("entry", cast.vendor.pk) == 0
        with system_scope():
            assert Match.objects.count() == 0
            assert Grant.objects.filter(revoked_at=None).count() == 0

    def test_is_for_administrators(self, cast, at):
        for actor in (cast.partner_rep, cast.vendor_reader, cast.finance_manager):
            with scope(actor), pytest.raises(NotAllowed):
                services.agree(actor=actor, partner_id=cast.partner_id, at=at)

    def test_no_partner_agrees_for_another(self, cast, at):
        with scope(cast.other_partner_admin), pytest.raises(NotFound):
            services.agree(actor=cast.other_partner_admin, partner_id=cast.partner_id, at=at)

    def test_the_database_lets_no_side_agree_for_the_other(self, cast, at):
        with pytest.raises(DatabaseError, match="row-level security"), scope(cast.vendor_admin), connection.cursor() as cursor:
            cursor.execute(
                "insert into mapping_consent (id, created_at, updated_at, partner_id, giver_id, receiver_id, given_at) values (gen_random_uuid(), now(), now(), %s, %s, %s, now())",
                [cast.partner_id, cast.partner_id, cast.vendor.pk],
            )


class TestTerms:
    def test_one_partner_may_see_less_than_all_others(self, cast, at):
        mine, _theirs = _world(cast, "all", "hidden")
        with scope(cast.vendor_admin):
            services.set_terms(actor=cast.vendor_admin, population_id=mine, terms=services.read_terms(level="hidden"), partner_id=cast.partner_id, at=at)
        with scope(cast.partner_admin):
            assert _raw("entry", cast.vendor.pk) == _raw("population", cast.vendor.pk) == 0
        with scope(cast.vendor_admin):
            services.forget_terms(actor=cast.vendor_admin, population_id=mine, partner_id=cast.partner_id, at=at)
        with scope(cast.partner_admin):
            assert _raw("entry", cast.vendor.pk) == len(ONLY_VENDOR)

    def test_fields_are_shown_by_group_and_only_with_rows(self, cast, at):
        mine, theirs = _world(cast, "overlaps", "overlaps", fields=("deals",))
        with scope(cast.partner_admin):
            row = queries.overlaps(cast.partner_admin, queries.newest_matches(cast.partner_admin, theirs, mine, at), at)[0]
            assert row.theirs.deals[0].minor == 1000_00
            assert row.theirs.people == {}
            assert row.mine.people["owner"] == "Aino Laine"
            assert _raw("detail", cast.vendor.pk) == 7
        with scope(cast.vendor_admin):
            everything = services.read_terms(level="overlaps", fields=("deals", "people"))
            services.set_terms(actor=cast.vendor_admin, population_id=mine, terms=everything, at=at)
        with scope(cast.partner_admin):
            row = queries.overlaps(cast.partner_admin, queries.newest_matches(cast.partner_admin, theirs, mine, at), at)[0]
            assert row.theirs.people == {"owner": "Aino Laine", "email": "aino@kallio.example"}

    def test_a_grant_that_ran_out_shows_nothing_and_stays_out_until_it_is_given_anew(self, cast, at):
        mine, _theirs = _world(cast, "all", "hidden")
        later = at + timedelta(days=366)
        with system_scope():
            Grant.objects.update(granted_at=at - timedelta(days=400), expires_at=at - timedelta(days=30))
        with scope(cast.partner_admin):
            assert _raw("entry", cast.vendor.pk) == 0
        with system_scope():
            assert services.end_expired(at=later) == 1
            assert services.end_expired(at=later) == 0
        with scope(cast.partner_admin):
            assert queries.shown(cast.partner_admin, cast.partner_id, later) == ()
        with scope(cast.vendor_admin):
            services.set_terms(actor=cast.vendor_admin, population_id=mine, terms=services.read_terms(level="all"), partner_id=cast.partner_id, at=later)
        with scope(cast.partner_admin):
            assert len(queries.shown(cast.partner_admin, cast.partner_id, later)) == 1

    def test_revoking_leaves_a_receipt_that_both_read(self, cast, at):
        mine, _theirs = _world(cast, "all", "hidden")
        with scope(cast.vendor_admin):
            services.set_terms(actor=cast.vendor_admin, population_id=mine, terms=services.read_terms(level="hidden"), at=at)
        for actor in (cast.vendor_admin, cast.partner_admin):
            with scope(actor):
                found = (queries.given if actor.is_vendor else queries.received)(actor, at)
                assert [(grant.level, grant.revoked_at) for grant in found] == [("all", at)]

    @pytest.mark.parametrize(
        "told",
        [
            {"level": "most"},
            {"level": "all", "fields": ("salary",)},
            {"level": "all", "purpose": ""},
            {"level": "all", "days": 0},
            {"level": "all", "days": 9999},
        ],
    )
    def test_odd_terms_are_refused(self, told):
        with pytest.raises(Invalid):
            services.read_terms(**told)

    def test_nobody_sets_terms_of_a_list_of_the_other_side(self, cast, at):
        _mine, theirs = _world(cast, "all", "all")
        with scope(cast.vendor_admin), pytest.raises(NotFound):
            services.set_terms(actor=cast.vendor_admin, population_id=theirs, terms=services.read_terms(level="all"), at=at)
        with scope(cast.vendor_admin):
            assert Term.objects.filter(owner=cast.partner_id).count() == 0


class TestCounts:
    def test_few_companies_are_never_counted_to_whom_only_counts_are_shown(self, cast, at):
        make_list(cast.vendor_admin, NAMES[:4] + [f"Other{name}" for name in NAMES[4:]], level="hidden")
        make_list(cast.partner_admin, NAMES, level="counts")
        connect(cast.vendor_admin, cast.partner_admin)
        run_match(cast.partner_id)
        with scope(cast.vendor_admin):
            found = queries.matrix(cast.vendor_admin, cast.partner_id, at)
            assert [cell.count for row in found.rows for cell in row.cells] == [None]

    def test_a_short_list_is_told_no_count(self, cast, at):
        make_list(cast.vendor_admin, NAMES[:19], level="hidden")
        make_list(cast.partner_admin, NAMES, level="counts")
        connect(cast.vendor_admin, cast.partner_admin)
        run_match(cast.partner_id)
        with scope(cast.vendor_admin):
            found = queries.matrix(cast.vendor_admin, cast.partner_id, at)
            assert [cell.count for row in found.rows for cell in row.cells] == [None]


class TestWords:
    def test_outlive_a_refresh_and_can_be_taken_back(self, cast, at):
        mine, theirs = _world(cast, "overlaps", "overlaps")
        me = cast.vendor_admin
        with scope(me):
            match = queries.newest_matches(me, mine, theirs, at)[0]
            word = services.decide(actor=me, match_id=match.pk, is_same=False, at=at)
            assert queries.newest_matches(me, mine, theirs, at).count() == 6
        run_match(cast.partner_id)
        with scope(me):
            services.replace_rows(actor=me, population_id=mine, rows=rows_of([*ONLY_VENDOR, "Fresh"], minor=1000_00, prefix="vendor-"), at=at)
        run_match(cast.partner_id)
        with scope(cast.partner_admin):
            assert queries.newest_matches(cast.partner_admin, theirs, mine, at).count() == 6
        with scope(me):
            services.undo(actor=me, verdict_id=word, at=at)
            assert queries.newest_matches(me, mine, theirs, at).count() == 7
            with pytest.raises(Conflict):
                services.undo(actor=me, verdict_id=word, at=at)

    def test_join_what_the_engine_did_not_find_until_it_is_taken_back(self, cast, at):
        mine, theirs = _world(cast, "all", "all")
        me = cast.vendor_admin
        with scope(me):
            own = Entry.objects.get(population=mine, name="Polarlys Oy")
            other = Entry.objects.get(population=theirs, name="PartneronlyRjukan Oy")
            word = services.merge(actor=me, own_id=own.pk, other_id=other.pk, note="Renamed in May", at=at)
        run_match(cast.partner_id)
        with scope(me):
            found = queries.newest_matches(me, mine, theirs, at)
            assert found.count() == 8
            assert found.get(left=own).state == "confirmed"
            services.undo(actor=me, verdict_id=word, at=at)
        run_match(cast.partner_id)
        with scope(me):
            assert queries.newest_matches(me, mine, theirs, at).count() == 7

    def test_are_of_the_side_that_sees_the_rows(self, cast, at):
        mine, theirs = _world(cast, "hidden", "overlaps")
        with scope(cast.vendor_admin):
            match = queries.newest_matches(cast.vendor_admin, mine, theirs, at)[0].pk
        for actor in (cast.partner_admin, cast.other_partner_admin):
            with scope(actor), pytest.raises(NotFound):
                services.decide(actor=actor, match_id=match, is_same=False, at=at)
        with system_scope():
            assert Verdict.objects.count() == 0


class TestLooks:
    def test_are_read_by_the_owner_and_changed_by_nobody(self, cast, at):
        _mine, theirs = _world(cast, "hidden", "all")
        with scope(cast.vendor_admin):
            services.note_look(actor=cast.vendor_admin, population_id=theirs, what="whitespace", rows=13, at=at)
            assert Look.objects.count() == 0
        with scope(cast.partner_admin):
            found = queries.looks(cast.partner_admin)
            assert [(look.person, look.what, look.rows, look.purpose) for look in found] == [("Ingrid Solberg", "whitespace", 13, "selling")]
        with pytest.raises(DatabaseError), scope(cast.partner_admin):
            Look.objects.update(rows=0)


class TestWorth:
    def test_counts_each_open_deal_once_however_many_cells_it_is_in(self, cast, at):
        _world(cast, "hidden", "overlaps", fields=("deals",))
        make_list(cast.vendor_admin, NAMES[:3], name="Big ones", kind="own", minor=1000_00)
        run_match(cast.partner_id)
        with scope(cast.vendor_admin):
            found = queries.potential(cast.vendor_admin, cast.partner_id, at)
            cells = [cell.count for row in queries.matrix(cast.vendor_admin, cast.partner_id, at).rows for cell in row.cells]
        assert cells == [7, 3]
        assert (found.deals, [(money.minor, money.currency) for money in found.amounts]) == (7, [(7000_00, "EUR")])
        assert [money.minor for money in found.with_theirs] == [7000_00 + 7 * 500_00]

    def test_weighs_what_each_side_shows(self, cast):
        _world(cast, "all", "overlaps", fields=("deals",))
        with scope(cast.vendor_admin):
            mine = queries.balance(cast.vendor_admin, cast.partner_id)
        with scope(cast.partner_admin):
            theirs = queries.balance(cast.partner_admin, cast.partner_id)
        assert (mine.given.companies, mine.got.companies) == (20, 5) == (theirs.got.companies, theirs.given.companies)
        assert mine.given.values == {"EUR": 22_000_00} == theirs.got.values
        assert mine.got.values == {"EUR": 3_500_00}
        assert (str(mine.by_value), str(mine.by_companies), mine.currency) == ("15.9", "25.0", "EUR")

    def test_says_nothing_of_a_partner_without_ten_won_deals(self, cast, at):
        _world(cast, "hidden", "overlaps")
        with scope(cast.vendor_admin):
            found = queries.partner_score(cast.vendor_admin, cast.partner_id, at)
        assert (found.grade, found.missing) == ("unknown", 10)


class TestAsking:
    def test_is_answered_with_terms_of_the_owners_choice(self, cast, at):
        mine, theirs = _world(cast, "hidden", "counts")
        me, them = cast.vendor_admin, cast.partner_admin
        with scope(me):
            ask = services.ask(
                actor=me, partner_id=cast.partner_id, terms=services.read_terms(level="all"), population_id=theirs, message="For the Nordics", at=at
            )
        with scope(them):
            assert [(one.message, one.level, one.state) for one in queries.asks(them)] == [("For the Nordics", "all", "open")]
            services.answer(actor=them, ask_id=ask, terms=services.read_terms(level="overlaps"), text="Overlaps for now", at=at)
        run_match(cast.partner_id)
        with scope(me):
            assert queries.asks(me)[0].answer == "Overlaps for now"
            assert queries.newest_matches(me, mine, theirs, at).count() == 7
        with scope(them), pytest.raises(Conflict):
            services.answer(actor=them, ask_id=ask, terms=None, at=at)

    def test_declining_shows_nothing(self, cast, at):
        _mine, _theirs = _world(cast, "hidden", "hidden")
        me, them = cast.vendor_admin, cast.partner_admin
        with scope(me):
            ask = services.ask(actor=me, partner_id=cast.partner_id, terms=services.read_terms(level="overlaps"), kind="customers", at=at)
        with scope(me), pytest.raises(NotFound):
            services.answer(actor=me, ask_id=ask, terms=None, at=at)
        with scope(them):
            services.answer(actor=them, ask_id=ask, terms=None, at=at)
        with scope(me):
            assert queries.asks(me)[0].state == "declined"
            assert Detail.objects.filter(owner=cast.partner_id).count() == 0


def test_a_person_without_a_user_is_nobody_on_the_partners_side(cast):
    _world(cast, "all", "all")
    nobody = Actor(side=Side.PARTNER, name="Kallio", organization_id=cast.partner_id, partner_ids=(cast.partner_id,), roles=frozenset({"partner_admin"}))
    with scope(nobody):
        assert _raw("entry", cast.partner_id) == _raw("entry", cast.vendor.pk) == 0
