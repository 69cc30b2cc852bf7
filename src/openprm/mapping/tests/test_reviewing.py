"""What people say of pairs, the line that is learned from it, targets, and comparisons that survive a restart."""

from dataclasses import replace

import pytest
from django.db import DatabaseError

from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.mapping import queries, services
from openprm.mapping.engine import matching as engine
from openprm.mapping.engine.keeping import packed, unpacked
from openprm.mapping.models import Comparison, Entry, Grant, Match, Rule, Target, Verdict
from openprm.mapping.services import matching, preparing
from openprm.mapping.testing import connect, make_list, run_match
from openprm.mapping.tests.lists import companies
from openprm.mapping.tests.test_sharing import NAMES, ONLY_PARTNER, ONLY_VENDOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast):
    mine = make_list(cast.vendor_admin, ONLY_VENDOR, level="overlaps")
    theirs = make_list(cast.partner_admin, ONLY_PARTNER, level="all")
    connect(cast.vendor_admin, cast.partner_admin)
    run_match(cast.partner_id)
    return mine, theirs


class TestWords:
    def test_say_why_both_rows_matched_and_stand_after_a_refresh(self, cast, at, world):
        mine, theirs = world
        me = cast.vendor_admin
        page = cast.client("vendor_admin")
        with scope(me):
            match = queries.newest_matches(me, mine, theirs, at)[0].pk
        shown = page.get(f"/app/account-mapping/matches/{match}/").content.decode()
        assert "same web domain" in shown
        assert "same name" in shown
        page.post(f"/app/account-mapping/matches/{match}/say/", {"say": "split", "note": "Two firms of one name"})
        run_match(cast.partner_id)
        with scope(me):
            one = queries.one_overlap(me, match, at)
            assert one.state == "split"
            assert [(word.is_same, word.note) for word in queries.words_on(me, one)] == [(False, "Two firms of one name")]
            assert Verdict.objects.get().permille == 995
        page.post(f"/app/account-mapping/words/{one.verdict_id}/undo/")
        with scope(me):
            assert queries.one_overlap(me, match, at).state == "found"

    def test_are_said_of_many_pairs_at_once(self, cast, at, world):
        mine, theirs = world
        with scope(cast.vendor_admin):
            ids = [str(row.pk) for row in queries.newest_matches(cast.vendor_admin, mine, theirs, at)[:3]]
        done = cast.client("vendor_admin").post("/app/account-mapping/matches/say/", {"ids": [*ids, "nonsense"], "action": "confirm"})
        assert done.status_code == 303
        with scope(cast.vendor_admin):
            assert Match.objects.filter(state="confirmed").count() == 3

    def test_join_two_companies_that_were_looked_up(self, cast, at, world):
        page = cast.client("vendor_admin")
        address = f"/app/account-mapping/partners/{cast.partner_id}/join/"
        found = page.get(address, {"own": "Polarlys", "other": "Rjukan"}).content.decode()
        assert "Polarlys Oy" in found
        assert "PartneronlyRjukan Oy" in found
        with system_scope():
            own, other = Entry.objects.get(name="Polarlys Oy"), Entry.objects.get(name="PartneronlyRjukan Oy")
        assert page.post(address, {"own": str(own.pk), "other": str(other.pk)}).status_code == 303
        run_match(cast.partner_id)
        with scope(cast.vendor_admin):
            assert Match.objects.get(left=own, right=other).state == "confirmed"

    def test_who_split_a_pair_goes_on_seeing_it_and_nobody_else_does(self, cast, at):
        mine = make_list(cast.vendor_admin, ONLY_VENDOR, level="overlaps")
        theirs = make_list(cast.partner_admin, ONLY_PARTNER, level="overlaps")
        connect(cast.vendor_admin, cast.partner_admin)
        run_match(cast.partner_id)
        with scope(cast.vendor_admin):
            match = queries.newest_matches(cast.vendor_admin, mine, theirs, at)[0].pk
            word = services.decide(actor=cast.vendor_admin, match_id=match, is_same=False, at=at)
            assert queries.one_overlap(cast.vendor_admin, match, at).verdict_id == word
        with scope(cast.partner_admin), pytest.raises(NotFound):
            queries.one_overlap(cast.partner_admin, match, at)
        with scope(cast.vendor_admin):
            services.undo(actor=cast.vendor_admin, verdict_id=word, at=at)
        with scope(cast.partner_admin):
            assert queries.one_overlap(cast.partner_admin, match, at).state == "found"


class TestRule:
    def _judge(self, cast, at):
        """22 words: sure pairs are confirmed, unsure ones split."""
        with system_scope():
            lists = {row.left_population_id: row.right_population_id for row in Match.objects.all()}
            left, right = next(iter(lists.items()))
            for number in range(22):
                is_same = number >= 11
                Verdict(
                    partner_id=cast.partner_id, decider=cast.vendor, left_population_id=left, right_population_id=right, left_key=f"a{number}",
                    right_key=f"b{number}", is_same=is_same, permille=900 if is_same else 600, decided_at=at,
                ).save()  # fmt: skip

    def test_is_learned_from_own_words_and_everything_is_compared_anew(self, cast, at, world, run_jobs):
        me = cast.vendor_admin
        with scope(me), pytest.raises(Conflict, match="at least 20"):
            services.take_learned(actor=me, at=at)
        self._judge(cast, at)
        with scope(me):
            found = services.take_learned(actor=me, at=at)
            assert (found.threshold, found.precision, found.recall) == (0.75, 1.0, 1.0)
            told = queries.rule(me)
            assert (str(told.percent), told.judged, told.person) == ("75", 22, me.name)
        assert "mapping.compare_all" in run_jobs()
        with scope(cast.partner_admin):
            assert str(queries.rule(cast.partner_admin).percent) == "75"

    def test_leaves_weaker_matches_out_and_can_join_each_company_once(self, cast, at):
        me = cast.vendor_admin
        make_list(me, ["Abloom"], level="all")
        make_list(cast.partner_admin, level="all")
        with scope(cast.partner_admin):
            twice = [services.Row(key=key, name="Abloom Oy", domain="abloom.com", country="FI") for key in ("1", "2")]
            population = queries.lists(cast.partner_admin)[0].id
            services.replace_rows(actor=cast.partner_admin, population_id=population, rows=twice, at=at)
        connect(me, cast.partner_admin)
        assert run_match(cast.partner_id) == 2
        with scope(me):
            services.set_rule(actor=me, permille=500, one_only=True, at=at)
        run_match(cast.partner_id)
        with system_scope():
            assert Match.objects.count() == 1

    def test_is_for_administrators_of_the_vendor(self, cast, at, world):
        for actor in (cast.partner_manager, cast.partner_admin, cast.vendor_reader):
            with scope(actor), pytest.raises(NotAllowed):
                services.set_rule(actor=actor, permille=600, one_only=False, at=at)
        with scope(cast.vendor_admin), pytest.raises(Invalid):
            services.set_rule(actor=cast.vendor_admin, permille=100, one_only=False, at=at)
        with system_scope():
            assert Rule.objects.count() == 0


class TestTargets:
    def test_are_read_by_both_sides_and_ended_by_either(self, cast, at, world, run_jobs):
        mine, theirs = world
        me, them = cast.vendor_admin, cast.partner_admin
        with scope(me):
            match = queries.newest_matches(me, mine, theirs, at)[0]
            target = services.choose_match(actor=me, match_id=match.pk, note="First in May", at=at)
            with pytest.raises(Conflict, match="already"):
                services.choose_match(actor=me, match_id=match.pk, at=at)
            name = queries.targets(me, at)[0].name
        run_jobs()
        with scope(them):
            found = queries.targets(them, at)
            assert [(one.name, one.note, one.is_ours, one.kind) for one in found] == [(name, "First in May", False, "overlap")]
            services.end_target(actor=them, target_id=target, at=at)
        with scope(me):
            assert queries.targets(me, at) == ()
            assert queries.targets(me, at, with_ended=True)[0].ended_by == them.name

    def test_from_their_list_are_read_only_while_it_is_shown(self, cast, at, world):
        _mine, theirs = world
        me, them = cast.vendor_admin, cast.partner_admin
        with scope(me):
            entry = queries.whitespace(me, theirs, at)[0]
            services.choose_company(actor=me, partner_id=cast.partner_id, entry_id=entry.pk, at=at)
            assert len(queries.targets(me, at)) == 1
        with scope(them):
            services.set_terms(actor=them, population_id=theirs, terms=services.read_terms(level="overlaps"), at=at)
            assert len(queries.targets(them, at)) == 1
        with scope(me):
            assert queries.targets(me, at) == ()
            assert Target.objects.count() == 0

    def test_are_not_made_of_what_is_not_shown(self, cast, at, world):
        with system_scope():
            hidden = Entry.objects.get(name="Polarlys Oy").pk
        with scope(cast.partner_admin), pytest.raises(NotFound):
            services.choose_company(actor=cast.partner_admin, partner_id=cast.partner_id, entry_id=hidden, at=at)
        with scope(cast.other_partner_admin):
            assert queries.targets(cast.other_partner_admin, at) == ()

    def test_the_database_lets_no_side_write_one(self, cast, at, world):
        with scope(cast.vendor_admin):
            services.choose_company(actor=cast.vendor_admin, partner_id=cast.partner_id, entry_id=Entry.objects.get(name="Polarlys Oy").pk, at=at)
            assert Target.objects.update(name="Other") == 0
        with pytest.raises(DatabaseError), scope(cast.partner_admin):
            Rule(owner=cast.vendor, set_at=at).save(force_insert=True)


class TestComparisons:
    def test_come_back_from_bytes_as_they_were(self):
        left = companies(*({"name": f"{name} Oy"} for name in NAMES))
        right = companies(*({"name": f"{name} AS"} for name in NAMES))
        kept = unpacked(packed(engine.compare(left, right)))
        again, first = engine.refresh(kept, left, right).matches(), engine.compare(left, right).matches()
        assert (again.left.tolist(), again.right.tolist(), again.score.tolist(), again.matched_on) == (
            first.left.tolist(), first.right.tolist(), first.score.tolist(), first.matched_on,
        )  # fmt: skip

    def test_in_another_process_compare_what_changed_alone_and_find_what_a_full_one_finds(self, cast, at, monkeypatch):
        names = [f"{first} {second} Works" for first in NAMES for second in NAMES[:10]]
        mine = make_list(cast.vendor_admin, level="all")
        theirs = make_list(cast.partner_admin, level="all")
        for actor, population, told in ((cast.vendor_admin, mine, names), (cast.partner_admin, theirs, [f"{name} Ltd" for name in names[:120]])):
            with scope(actor):
                services.replace_rows(actor=actor, population_id=population, rows=_named(told), at=at)
        connect(cast.vendor_admin, cast.partner_admin)
        run_match(cast.partner_id)
        with system_scope():
            before = unpacked(bytes(Comparison.objects.get().kept))
        seen: list[int] = []
        look = engine.look

        def counted(both, a, b, strong):
            seen.append(len(a))
            return look(both, a, b, strong)

        monkeypatch.setattr(engine, "look", counted)
        with scope(cast.vendor_admin):
            services.put_rows(actor=cast.vendor_admin, population_id=mine, rows=[replace(_named(names)[200], name="Abloom Birkdale Works Oy")], at=at)
        preparing.forget()
        run_match(cast.partner_id)
        partly, found = sum(seen), _found()
        seen.clear()
        monkeypatch.setattr(matching, "_before", lambda pair, left, right: None)
        compare = engine.compare
        monkeypatch.setattr(matching, "compare", lambda left, right: compare(left, right, standards=before.standards))
        run_match(cast.partner_id)
        assert _found() == found
        assert len(found) >= 120
        assert partly < sum(seen) / 5

    def test_are_forgotten_when_nothing_is_shown_any_more(self, cast, at, world):
        with scope(cast.vendor_admin):
            services.end(actor=cast.vendor_admin, partner_id=cast.partner_id, at=at)
        run_match(cast.partner_id)
        with system_scope():
            assert (Comparison.objects.count(), Match.objects.count()) == (0, 0)
        with scope(cast.vendor_admin):
            assert Comparison.objects.count() == 0


def _named(names: list[str]) -> list[services.Row]:
    return [services.Row(key=f"{number}", name=name, country="FI") for number, name in enumerate(names)]


def _found() -> set[tuple]:
    with system_scope():
        return set(Match.objects.values_list("left__key", "right__key", "permille", "matched_on", "state"))


def test_a_receipt_says_when_why_by_whom_and_how_much_was_looked_at(cast, at, world):
    mine, _theirs = world
    me, them = cast.vendor_admin, cast.partner_admin
    with scope(them):
        services.note_look(actor=them, population_id=mine, what="export", rows=7, at=at)
    with scope(me):
        services.set_terms(actor=me, population_id=mine, terms=services.read_terms(level="hidden"), at=at)
    with system_scope():
        grant = Grant.objects.get(population=mine).pk
    for actor in (me, them):
        with scope(actor):
            found = queries.one_grant(actor, grant, at)
            assert (found.is_live, found.end_reason, found.ended_by, found.look_count, found.rows_seen) == (False, "revoked", me.name, 1, 7)
    assert "Receipt" in cast.client("partner_admin").get(f"/portal/account-mapping/sharing/{grant}/").content.decode()
    with scope(cast.other_partner_admin), pytest.raises(NotFound):
        queries.one_grant(cast.other_partner_admin, grant, at)
