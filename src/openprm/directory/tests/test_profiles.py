"""Profiles, their review, references and messages, as both sides and visitors meet them."""

import io
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from PIL import Image

from openprm.audit import queries as audit
from openprm.directory import queries, services
from openprm.directory.models import Listing, Message, Profile, Reference
from openprm.directory.queries.listings import Wanted
from openprm.directory.testing import CONTENT, HELSINKI, REFERENCE, make_listed, make_profile, make_reference, make_submitted
from openprm.kernel.actor import PUBLIC, SYSTEM
from openprm.kernel.clock import stopped
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale, TooMany
from openprm.kernel.scope import scope, system_scope
from openprm.partners import services as partners
from openprm.partners.testing import make_partner
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def listing(slug="kallio-digital"):
    with scope(PUBLIC):
        return queries.listing(slug)


def found(**wanted):
    with scope(PUBLIC):
        return [row.name for row in queries.find(Wanted(**wanted)).rows]


def own(cast):
    with scope(cast.partner_admin):
        return queries.own_profile(cast.partner_admin, cast.partner_id)


def save(cast, at, offices=None, **changes):
    with scope(cast.partner_admin):
        return services.save_profile(actor=cast.partner_admin, partner_id=cast.partner_id, changes=changes, offices=offices, at=at)


class TestProfile:
    def test_nobody_sees_a_profile_before_it_is_approved(self, cast, at):
        make_submitted(cast.partner_id)

        with pytest.raises(NotFound):
            listing()
        assert own(cast).state == "submitted"

    def test_an_approved_profile_is_public_with_its_tier(self, cast, at, run_jobs):
        profile_id = make_submitted(cast.partner_id)
        with scope(cast.partner_manager):
            services.approve_profile(actor=cast.partner_manager, profile_id=profile_id, at=at)

        seen = listing()

        assert (seen.name, seen.summary, seen.grades[0].tier_name) == ("Kallio Digital", CONTENT["summary"], "Gold")
        assert "directory.tell_published" in run_jobs()

    def test_a_watched_change_waits_while_the_rest_is_public_at_once(self, cast, at):
        make_listed(cast.partner_id)

        held = save(cast, at, summary="New words.", services=["training"])

        assert held == ("summary",)
        assert (listing().summary, listing().services) == (CONTENT["summary"], ("training",))
        assert own(cast).state == "submitted"

    def test_approving_the_change_shows_it(self, cast, at):
        profile_id = make_listed(cast.partner_id)
        save(cast, at, summary="New words.")

        with scope(cast.marketing_manager):
            services.approve_profile(actor=cast.marketing_manager, profile_id=profile_id, at=at)

        assert listing().summary == "New words."

    def test_taking_a_waiting_change_back_ends_the_wait(self, cast, at):
        make_listed(cast.partner_id)
        save(cast, at, summary="New words.")

        save(cast, at, summary=CONTENT["summary"])

        assert (own(cast).state, own(cast).waiting) == ("approved", ())

    def test_the_vendor_chooses_which_fields_it_looks_at(self, cast, at):
        make_listed(cast.partner_id)
        with scope(cast.vendor_admin):
            services.update_settings(actor=cast.vendor_admin, reviewed=["logo"], heading="", lead="", is_open=True, at=at)

        held = save(cast, at, summary="New words.")

        assert (held, listing().summary) == ((), "New words.")

    def test_the_promise_runs_until_the_answer(self, cast, at):
        profile_id = make_submitted(cast.partner_id, at=at)

        with scope(cast.partner_manager):
            running = promises.clock(profile_id, "directory.review", at)
            services.return_profile(actor=cast.partner_manager, profile_id=profile_id, reason="Say who you are.", at=at + timedelta(hours=2))
            kept = promises.clock(profile_id, "directory.review", at + timedelta(hours=3))

        assert (running.state, kept.state, own(cast).reason) == ("running", "kept", "Say who you are.")

    def test_private_is_off_the_pages_at_once_and_public_again_without_a_look(self, cast, at):
        make_listed(cast.partner_id)
        with scope(cast.partner_admin):
            services.make_private(actor=cast.partner_admin, partner_id=cast.partner_id, at=at)
            with pytest.raises(NotFound):
                queries.listing("kallio-digital")
            services.submit_profile(actor=cast.partner_admin, partner_id=cast.partner_id, at=at)

        assert listing().name == "Kallio Digital"

    def test_hidden_stays_hidden_until_the_vendor_shows_it(self, cast, at):
        profile_id = make_listed(cast.partner_id)
        with scope(cast.partner_manager):
            services.hide_profile(actor=cast.partner_manager, profile_id=profile_id, reason="A complaint is open.", at=at)

        save(cast, at, services=["training"])
        with scope(cast.partner_admin), pytest.raises(services.NothingToReview):
            services.submit_profile(actor=cast.partner_admin, partner_id=cast.partner_id, at=at)

        assert found() == []

    def test_a_suspended_partner_is_not_in_the_directory(self, cast, at, run_jobs):
        make_listed(cast.partner_id)
        with scope(cast.vendor_admin):
            partners.change_status(actor=cast.vendor_admin, partner_id=cast.partner_id, status="suspended", at=at)

        run_jobs()

        assert found() == []

    def test_an_empty_profile_cannot_be_sent_and_every_gap_is_named(self, cast, at):
        with scope(cast.partner_admin), pytest.raises(Invalid) as refused:
            services.submit_profile(actor=cast.partner_admin, partner_id=cast.partner_id, at=at)

        assert [problem.field for problem in refused.value.problems] == ["summary", "services", "offices"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"summary": "<script>alert(1)</script>"}, "summary"),
            ({"description": '<img src=x onerror="alert(1)">'}, "description"),
            ({"summary": "x" * 201}, "summary"),
            ({"website": "javascript:alert(1)"}, "website"),
            ({"website": "https://user:secret@host.example"}, "website"),
            ({"services": ["hacking"]}, "services"),
            ({"languages": ["xx"]}, "languages"),
            ({"contact_email": "nobody"}, "contact_email"),
            ({"products": ["p" * 61]}, "products"),
            ({"certifications": [f"c{number}" for number in range(21)]}, "certifications"),
        ],
    )
    def test_what_cannot_stand_is_refused_beside_its_field_and_nothing_changes(self, cast, at, changes, field):
        make_profile(cast.partner_id)
        before = own(cast)

        with scope(cast.partner_admin), pytest.raises(Invalid) as refused:
            services.save_profile(actor=cast.partner_admin, partner_id=cast.partner_id, changes=changes, at=at)

        assert refused.value.problems[0].field == field
        assert own(cast) == before

    def test_an_office_in_a_known_town_needs_no_coordinates(self, cast, at):
        save(cast, at, offices=[{"city": "München", "country": "DE"}])

        assert own(cast).offices[0].latitude == pytest.approx(48.137, abs=0.01)
        assert own(cast).offices[0].is_main is True

    @pytest.mark.parametrize(
        ("office", "field"),
        [
            ({"city": "Nowhereville", "country": "FI"}, "offices[0].latitude"),
            ({"city": "", "country": "FI"}, "offices[0].city"),
            ({"city": "Helsinki", "country": ""}, "offices[0].country"),
            ({"city": "Helsinki", "country": "FI", "latitude": "95", "longitude": "20"}, "offices[0].latitude"),
            ({"city": "Helsinki", "country": "FI", "latitude": "x", "longitude": "20"}, "offices[0].latitude"),
        ],
    )
    def test_an_office_that_is_nowhere_is_refused(self, cast, at, office, field):
        with scope(cast.partner_admin), pytest.raises(Invalid) as refused:
            services.save_profile(actor=cast.partner_admin, partner_id=cast.partner_id, changes={}, offices=[office], at=at)

        assert refused.value.problems[0].field == field

    def test_a_logo_is_drawn_anew_and_a_script_is_no_logo(self, cast, at):
        picture = io.BytesIO()
        Image.new("RGB", (900, 300), "navy").save(picture, "PNG")
        with scope(cast.partner_admin):
            services.save_profile(actor=cast.partner_admin, partner_id=cast.partner_id, changes={}, logo=picture.getvalue(), at=at)
            with pytest.raises(Invalid):
                services.save_profile(actor=cast.partner_admin, partner_id=cast.partner_id, changes={}, logo=b"<svg onload=alert(1)>", at=at)

        assert own(cast).logo.startswith(f"{cast.partner_id}/")

    def test_an_old_page_cannot_overwrite_a_newer_one(self, cast, at):
        make_profile(cast.partner_id)

        with scope(cast.partner_admin), pytest.raises(Stale):
            services.save_profile(actor=cast.partner_admin, partner_id=cast.partner_id, changes={"summary": "x"}, version=99, at=at)

    def test_only_its_own_editors_write_a_profile(self, cast, at):
        for actor, refusal in ((cast.partner_rep, NotAllowed), (cast.other_partner_admin, NotFound), (cast.vendor_admin, NotAllowed)):
            with scope(actor), pytest.raises(refusal):
                services.save_profile(actor=actor, partner_id=cast.partner_id, changes={"summary": "x"}, at=at)

        assert own(cast).id is None

    def test_the_database_lets_no_partner_approve_itself(self, cast, at):
        make_submitted(cast.partner_id)

        with pytest.raises(IntegrityError), scope(cast.partner_admin), transaction.atomic():
            Profile.objects.filter(partner=cast.partner_id).update(state="approved", approved={})

        assert own(cast).state == "submitted"

    def test_the_database_shows_no_partner_another_ones_draft(self, cast, at):
        make_profile(cast.partner_id)

        with scope(cast.other_partner_admin):
            assert Profile.objects.count() == 0
        with scope(PUBLIC):
            assert Profile.unscoped(reason="ring four alone").count() == 0

    def test_both_sides_read_it_in_the_log(self, cast, at):
        make_listed(cast.partner_id)

        with scope(cast.partner_admin):
            verbs = {entry.verb for entry in audit.timeline(cast.partner_admin, cast.partner_id)}

        assert {"profile.saved", "profile.submitted", "profile.approved"} <= verbs


class TestLocator:
    @pytest.fixture(autouse=True)
    def directory(self, cast, at):
        make_listed(cast.partner_id, at=at)
        make_listed(
            cast.other_partner_id,
            at=at,
            summary="Retail analytics.",
            services=["data"],
            industries=["retail"],
            languages=["pt"],
            offices=({"city": "Lisbon", "country": "PT"},),
        )

    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            ({}, ["Kallio Digital", "Sintra Systems"]),
            ({"text": "kall"}, ["Kallio Digital"]),
            ({"text": "kalio digitl"}, ["Kallio Digital"]),
            ({"text": "retail analy"}, ["Sintra Systems"]),
            ({"text": "sensor boardroom"}, ["Kallio Digital"]),
            ({"text": "&|!():*"}, []),
            ({"service": "data"}, ["Sintra Systems"]),
            ({"industry": "energy"}, ["Kallio Digital"]),
            ({"language": "pt"}, ["Sintra Systems"]),
            ({"country": "FI"}, ["Kallio Digital"]),
            ({"tier": "resell/silver"}, ["Sintra Systems"]),
            ({"program": "resell"}, ["Kallio Digital", "Sintra Systems"]),
            ({"near": "Tallinn", "within_km": 100}, ["Kallio Digital"]),
            ({"near": "Tallinn", "within_km": 50}, []),
            ({"near": "38.7,-9.1", "within_km": 5000}, ["Sintra Systems", "Kallio Digital"]),
            ({"near": "Lissabon", "within_km": 25}, ["Sintra Systems"]),
            ({"near": "Xyzzyville"}, []),
            ({"text": "x" * 100}, []),
        ],
    )
    def test_finds_what_is_wanted_in_the_right_order(self, wanted, names):
        assert found(**wanted) == names

    def test_the_distance_is_that_of_pencil_and_paper(self):
        from openprm.directory.rules.geo import Point, distance_km

        with scope(PUBLIC):
            result = queries.find(Wanted(near="59.4370, 24.7536", within_km=200))
            office = queries.listing("kallio-digital").offices[0]

        expected = distance_km(Point(59.4370, 24.7536), Point(office.latitude, office.longitude))
        assert result.rows[0].distance_km == pytest.approx(expected, abs=0.001)

    def test_a_misspelt_town_is_guessed(self):
        with scope(PUBLIC):
            result = queries.find(Wanted(near="Helsinkxi"))

        assert result.town is None
        assert "Helsinki" in [town.name for town in result.guesses]

    def test_the_country_picks_among_towns_of_one_name(self):
        with scope(PUBLIC):
            assert queries.find(Wanted(near="Vienna")).town.country == "AT"
            assert queries.find(Wanted(near="Vienna, US")).town.country == "US"

    def test_a_page_costs_five_queries_at_most(self, django_assert_max_num_queries):
        with scope(PUBLIC), django_assert_max_num_queries(5):
            queries.find(Wanted(near="Helsinki", text="kallio", service="support"))

    def test_the_choices_are_those_that_somebody_has(self):
        with scope(PUBLIC):
            offered = queries.offered()

        assert ("data", 1) in offered.services
        assert [(grade.tier, offered.grade_counts[f"resell/{grade.tier}"]) for grade in offered.grades] == [("gold", 1), ("silver", 1)]


class TestReferences:
    def test_without_the_customers_consent_nothing_is_sent(self, cast, at):
        reference_id = make_reference(cast.partner_id, consent_by="", consent_date="")

        with scope(cast.partner_admin), pytest.raises(Invalid) as refused:
            services.submit_reference(actor=cast.partner_admin, reference_id=reference_id, at=at)

        assert [problem.field for problem in refused.value.problems] == ["consent_by", "consent_date"]
        with system_scope():
            assert Reference.objects.get(pk=reference_id).state == "draft"

    def test_a_published_reference_stands_on_the_profile_without_who_agreed(self, cast, at):
        make_listed(cast.partner_id)
        make_reference(cast.partner_id, state="published")

        seen = listing().references

        assert [(one.customer, one.title) for one in seen] == [(REFERENCE["customer"], REFERENCE["title"])]
        assert not hasattr(seen[0], "consent_by")
        with scope(PUBLIC):
            assert "Petra" not in str(Listing.objects.values())

    def test_an_edited_reference_goes_off_until_it_is_approved_again(self, cast, at):
        make_listed(cast.partner_id)
        reference_id = make_reference(cast.partner_id, state="published")

        with scope(cast.partner_admin):
            services.save_reference(actor=cast.partner_admin, partner_id=cast.partner_id, reference_id=reference_id, values={"title": "Better"}, at=at)

        assert listing().references == ()

    def test_withdrawn_is_off_at_once(self, cast, at):
        make_listed(cast.partner_id)
        reference_id = make_reference(cast.partner_id, state="published")

        with scope(cast.partner_marketer):
            services.withdraw_reference(actor=cast.partner_marketer, reference_id=reference_id, at=at)

        assert listing().references == ()

    def test_giving_one_back_needs_a_reason(self, cast, at):
        reference_id = make_reference(cast.partner_id, state="submitted")

        with scope(cast.partner_manager), pytest.raises(Invalid):
            services.decide_reference(actor=cast.partner_manager, reference_id=reference_id, is_published=False, reason=" ", at=at)

    def test_the_database_keeps_the_consent_too(self, cast, at):
        reference_id = make_reference(cast.partner_id)

        with pytest.raises(IntegrityError), system_scope(), transaction.atomic():
            Reference.objects.filter(pk=reference_id).update(state="published", consent_by="")

    def test_a_draft_is_the_partners_own(self, cast, at):
        reference_id = make_reference(cast.partner_id)

        for actor in (cast.vendor_admin, cast.other_partner_admin):
            with scope(actor), pytest.raises(NotFound):
                queries.reference(actor, reference_id)

    def test_both_kinds_wait_in_the_decision_queue(self, cast, at):
        from openprm.directory.sources import WaitingForTheDirectory

        make_submitted(cast.partner_id, at=at)
        make_reference(cast.partner_id, state="submitted", at=at)

        with scope(cast.partner_manager):
            decisions = WaitingForTheDirectory().list_decisions(cast.partner_manager, at)
        with scope(cast.finance_manager):
            none = WaitingForTheDirectory().list_decisions(cast.finance_manager, at)

        assert sorted(one.key.partition(":")[0] for one in decisions) == ["directory.profile", "directory.reference"]
        assert all(one.due_at for one in decisions)
        assert none == []


class TestMessages:
    VALUES = {"name": "Hana", "email": "hana@brno.example", "company": "", "text": "Call me."}

    @pytest.fixture(autouse=True)
    def directory(self, cast):
        make_listed(cast.partner_id)

    def send(self, at, seconds=10, **more):
        opened = more.pop("stamp", None) or services.stamp(slug="kallio-digital", at=at - timedelta(seconds=seconds))
        with stopped(at), scope(PUBLIC):
            return services.send_message(
                slug="kallio-digital",
                values=more.pop("values", self.VALUES),
                stamp=opened,
                trap=more.pop("trap", ""),
                network=more.pop("network", "192.0.2.1"),
                at=at,
            )

    def count(self):
        with system_scope():
            return Message.objects.count()

    def test_the_partner_hears_of_it_in_the_app_and_by_mail(self, cast, at, run_jobs, outbox):
        assert self.send(at) is not None
        run_jobs()

        assert any(mail.to == ["hello@kallio.example"] and mail.extra_headers["Reply-To"] == "hana@brno.example" for mail in outbox)
        with scope(cast.vendor_admin):
            assert queries.newest_messages(cast.vendor_admin).count() == 0

    @pytest.mark.parametrize(
        "more",
        [
            {"seconds": 1},
            {"seconds": 50_000},
            {"seconds": -60},
            {"stamp": "forged"},
            {"values": VALUES | {"email": ""}},
            {"values": VALUES | {"text": ""}},
            {"values": VALUES | {"text": "<script>alert(1)</script>"}},
            {"values": VALUES | {"text": "x" * 3001}},
        ],
    )
    def test_what_robots_and_mistakes_look_like_is_refused(self, at, more):
        with pytest.raises(Invalid):
            self.send(at, **more)

        assert self.count() == 0

    def test_a_robot_in_the_trap_is_told_nothing_and_leaves_nothing(self, at):
        assert self.send(at, trap="+1 555") is None
        assert self.count() == 0

    def test_the_sixth_message_of_an_hour_is_too_many(self, at):
        for _time in range(5):
            self.send(at)

        with pytest.raises(TooMany):
            self.send(at)
        assert self.send(at, network="192.0.2.2") is not None
        assert self.count() == 6

    def test_a_stamp_of_another_page_does_not_fit(self, cast, at):
        with pytest.raises(Invalid):
            self.send(at, stamp=services.stamp(slug="sintra-systems", at=at - timedelta(seconds=9)))

    def test_a_partner_that_takes_no_messages_has_no_form(self, cast, at):
        save(cast, at, takes_messages=False)

        with pytest.raises(NotFound):
            self.send(at)

    def test_the_network_address_is_not_kept(self, at):
        self.send(at)

        with system_scope():
            assert "192.0.2.1" not in str(Message.objects.values())


def test_leaving_people_are_forgotten(cast, at):
    make_listed(cast.partner_id)
    make_reference(cast.partner_id, state="published")
    opened = services.stamp(slug="kallio-digital", at=at - timedelta(minutes=1))
    with scope(PUBLIC):
        services.send_message(slug="kallio-digital", values=TestMessages.VALUES, stamp=opened, trap="", network="n", at=at)

    with system_scope():
        assert services.forget_people(partner_id=cast.partner_id) == 3
        assert services.forget_people(partner_id=cast.partner_id) == 0


def test_a_partner_takes_its_own_data_along(cast, at):
    from openprm.directory.takeaway import EXPORT

    make_listed(cast.partner_id)
    make_reference(cast.partner_id)
    with scope(cast.partner_admin):
        rows = {part.code: list(part.rows(cast.partner_admin)) for part in EXPORT}

    assert rows["profile"][0]["services"] == "implementation, integration, support"
    assert rows["references"][0]["consent_by"] == "Petra Malá"
    assert all(set(row) == set(part.columns) for part in EXPORT for row in rows[part.code])


def test_a_listing_follows_a_tier_that_no_event_told_of(cast, at):
    partner_id = make_partner(name="Bluecrest Cloud", program_id=cast.program.pk)
    make_listed(partner_id, offices=(HELSINKI,))
    with system_scope():
        partners.end_enrollment(actor=SYSTEM, partner_id=partner_id, program_id=cast.program.pk, at=at)

    assert services.project_stale(at=at) == 1
    assert listing("bluecrest-cloud").grades == ()
    assert services.project_stale(at=at) == 0
