"""Badges from the tier to the check that a stranger makes offline."""

import base64
import json
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import fromstring

import jsonschema
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from openprm.directory import keyring, queries, services
from openprm.directory.models import Badge, IssuerKey, StatusList
from openprm.directory.rules import tokens
from openprm.directory.testing import make_listed, make_tier_badges
from openprm.directory.tests.credentialschema import OPEN_BADGE_CREDENTIAL
from openprm.kernel.actor import PUBLIC, SYSTEM
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.partners import services as partners

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    """A key of its own for every test."""
    settings.OPENPRM_DATA = tmp_path
    settings.OPENPRM_URL = "https://prm.halden.example"


@pytest.fixture
def gold(cast):
    make_tier_badges(cast.partner_id, at=AT)
    return live(cast)[0]


def live(cast):
    with system_scope():
        return [row for row in queries.badges_of(SYSTEM, cast.partner_id, AT) if row.is_live]


def public(badge_id, at=AT):
    with scope(PUBLIC):
        return queries.public_badge(badge_id, at)


def parts(token):
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def move(cast, tier_code, at=AT):
    from openprm.partners import queries as partner_queries

    with scope(cast.vendor_admin):
        tiers = partner_queries.program(cast.vendor_admin, cast.program.pk).tiers
        tier_id = next(tier.id for tier in tiers if tier.code == tier_code)
        partners.change_tier(actor=cast.vendor_admin, partner_id=cast.partner_id, program_id=cast.program.pk, tier_id=tier_id, at=at)


class TestTierBadge:
    def test_follows_the_tier_by_itself(self, cast, gold, run_jobs):
        move(cast, "silver")
        run_jobs()

        assert [row.code for row in live(cast)] == ["tier:resell/silver"]
        assert (public(gold.id).state, public(gold.id).revoked_because) == ("revoked", "tier_changed")
        assert public(gold.id).verdict.state == "revoked"

    def test_is_given_once_however_often_it_is_asked(self, cast, gold):
        make_tier_badges(cast.partner_id, at=AT)

        assert [row.id for row in live(cast)] == [gold.id]

    def test_goes_when_the_partner_leaves(self, cast, gold, run_jobs):
        with scope(cast.vendor_admin):
            partners.change_status(actor=cast.vendor_admin, partner_id=cast.partner_id, status="suspended", at=AT)
        run_jobs()

        assert public(gold.id).revoked_because == "partner_left"

    def test_goes_at_night_when_an_enrollment_ended_without_a_word(self, cast, gold):
        with system_scope():
            partners.end_enrollment(actor=SYSTEM, partner_id=cast.partner_id, program_id=cast.program.pk, at=AT)

        services.sync_all(at=AT + timedelta(hours=9))

        assert public(gold.id).state == "revoked"

    def test_is_renewed_before_it_ends_and_the_old_one_points_to_the_new(self, cast, gold):
        later = AT + timedelta(days=340)

        make_tier_badges(cast.partner_id, at=later)

        old = public(gold.id, later)
        assert old.state == "replaced"
        assert public(old.newer_id, later).valid_until == later + timedelta(days=365)
        assert old.verdict.state == "valid"

    def test_taken_back_by_hand_stays_away_until_the_tier_is_earned_anew(self, cast, gold, run_jobs):
        with scope(cast.vendor_admin):
            services.revoke_badge(actor=cast.vendor_admin, badge_id=gold.id, note="Under investigation.", at=AT)

        services.sync_all(at=AT + timedelta(days=1))
        assert live(cast) == []

        move(cast, "silver", AT + timedelta(days=2))
        move(cast, "gold", AT + timedelta(days=3))
        run_jobs()
        assert [row.code for row in live(cast)] == ["tier:resell/gold"]

    def test_both_sides_hear_of_it(self, cast, gold, run_jobs):
        from openprm.inbox import queries as inbox

        run_jobs()

        with scope(cast.partner_rep):
            assert inbox.unread_count(cast.partner_rep) >= 1


class TestCredential:
    def test_it_has_the_form_of_the_published_standard(self, gold):
        _header, payload = parts(public(gold.id).token)

        errors = list(jsonschema.Draft201909Validator(OPEN_BADGE_CREDENTIAL).iter_errors(payload))

        assert [error.message for error in errors] == []

    def test_header_and_claims_agree_with_the_credential(self, cast, gold):
        header, payload = parts(public(gold.id).token)

        assert (header["alg"], header["typ"]) == ("EdDSA", "JWT")
        assert header["kid"].startswith("https://prm.halden.example/badges/keys/")
        assert payload["iss"] == payload["issuer"]["id"] == "did:web:prm.halden.example"
        assert payload["jti"] == payload["id"] == f"https://prm.halden.example/badges/{gold.id}/"
        assert payload["sub"] == payload["credentialSubject"]["id"] == f"urn:uuid:{cast.partner_id}"
        assert payload["nbf"] == int(AT.timestamp())
        assert payload["credentialSubject"]["achievement"]["name"] == "Gold partner, Halden Resell"

    def test_it_stands_up_to_cryptography_and_the_published_key_alone(self, cast, gold):
        client = cast.client("stranger")
        token = client.get(reverse("directory:badge_token", args=[gold.id])).content.decode()
        key = client.get(parts(token)[0]["kid"].removeprefix("https://prm.halden.example")).json()
        raw = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=="))
        head, body, signature = token.split(".")

        raw.verify(base64.urlsafe_b64decode(signature + "=="), f"{head}.{body}".encode())
        with pytest.raises(InvalidSignature):
            raw.verify(base64.urlsafe_b64decode(signature + "=="), f"{head}.{body}x".encode())

    def test_did_and_jwks_publish_the_same_key_and_no_secret(self, cast, gold):
        client = cast.client("stranger")
        did, jwks = client.get("/.well-known/did.json").json(), client.get("/.well-known/jwks.json").json()

        assert did["id"] == "did:web:prm.halden.example"
        assert did["verificationMethod"][0]["publicKeyJwk"] == jwks["keys"][0]
        assert "d" not in jwks["keys"][0]

    def test_the_status_list_is_signed_and_sets_exactly_the_revoked_bits(self, cast, gold):
        from openprm.directory.rules import statuslist

        with scope(cast.vendor_admin):
            services.revoke_badge(actor=cast.vendor_admin, badge_id=gold.id, note="Issued by mistake.", at=AT)
        payload = parts(public(gold.id).token)[1]
        entry = payload["credentialStatus"]
        token = cast.client("stranger").get(entry["statusListCredential"].removeprefix("https://prm.halden.example")).content.decode()
        bits = statuslist.decode(parts(token)[1]["credentialSubject"]["encodedList"])

        assert parts(token)[1]["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
        assert statuslist.is_set(bits, int(entry["statusListIndex"]))
        assert sum(bin(byte).count("1") for byte in bits) == 1

    def test_the_key_file_is_for_its_owner_alone(self, gold):
        assert keyring.path().stat().st_mode & 0o777 == 0o600

    def test_a_renewed_key_signs_what_is_new_and_the_old_one_still_checks(self, cast, gold):
        with system_scope():
            services.renew_key(at=AT)
        move(cast, "silver")
        make_tier_badges(cast.partner_id, at=AT)

        with system_scope():
            assert IssuerKey.objects.count() == 2
            assert IssuerKey.objects.filter(retired_at=None).count() == 1
        assert public(live(cast)[0].id).verdict.state == "valid"
        assert public(gold.id).verdict.state == "revoked"

    def test_a_machine_without_the_key_says_so_and_makes_no_other(self, cast, gold):
        keyring.path().unlink()

        with system_scope(), pytest.raises(services.BadgeKeyMissing):
            services.give_certificate(actor=SYSTEM, partner_id=cast.partner_id, name="A", description="b", criteria="c", at=AT)

        assert not keyring.path().exists()


class TestByHand:
    def give(self, cast, actor=None, **changes):
        actor = actor or cast.partner_manager
        words = {"name": "Certified architect", "description": "Designs plants.", "criteria": "Passed the exam."} | changes
        with scope(actor):
            return services.give_certificate(actor=actor, partner_id=cast.partner_id, at=AT, **words)

    def test_a_certificate_ends_on_its_day(self, cast):
        badge_id = self.give(cast, valid_until=AT + timedelta(days=10))

        assert public(badge_id).verdict.state == "valid"
        assert (public(badge_id, AT + timedelta(days=11)).state, public(badge_id, AT + timedelta(days=11)).verdict.state) == ("expired", "expired")

    def test_who_may_not_give_cannot(self, cast):
        for actor in (cast.marketing_manager, cast.vendor_reader, cast.partner_admin):
            with pytest.raises(NotAllowed):
                self.give(cast, actor)
        with system_scope():
            assert Badge.objects.count() == 0

    @pytest.mark.parametrize("changes", [{"name": ""}, {"name": "x" * 121}, {"criteria": "<script>"}, {"valid_until": AT}])
    def test_words_that_cannot_stand_are_refused(self, cast, changes):
        with pytest.raises(Invalid):
            self.give(cast, **changes)

    def test_taking_back_needs_a_reason_and_happens_once(self, cast):
        badge_id = self.give(cast)
        with scope(cast.partner_manager):
            with pytest.raises(Invalid):
                services.revoke_badge(actor=cast.partner_manager, badge_id=badge_id, note=" ", at=AT)
            services.revoke_badge(actor=cast.partner_manager, badge_id=badge_id, note="They left.", at=AT)
            with pytest.raises(services.BadgeIsRevoked):
                services.revoke_badge(actor=cast.partner_manager, badge_id=badge_id, note="Again.", at=AT)

        assert "They left." not in cast.client("stranger").get(reverse("directory:badge", args=[badge_id])).content.decode()

    def test_the_database_gives_nothing_back_and_changes_nothing_signed(self, cast):
        badge_id = self.give(cast)
        with scope(cast.partner_manager):
            services.revoke_badge(actor=cast.partner_manager, badge_id=badge_id, note="They left.", at=AT)

        for change in ({"revoked_at": None, "revoked_because": ""}, {"token": "x"}, {"status_index": 1}):
            with pytest.raises(IntegrityError), system_scope(), transaction.atomic():
                Badge.objects.filter(pk=badge_id).update(**change)

    def test_another_partner_cannot_open_it_in_its_portal(self, cast):
        badge_id = self.give(cast)

        with scope(cast.other_partner_rep), pytest.raises(NotFound):
            queries.badge(cast.other_partner_rep, badge_id, AT)


class TestPublicPages:
    def test_the_picture_carries_the_credential(self, cast, gold):
        response = cast.client("stranger").get(reverse("directory:badge_picture", args=[gold.id]))
        first = next(iter(fromstring(response.content)))

        assert response["Content-Type"] == "image/svg+xml"
        assert (first.tag, first.get("verify")) == ("{https://purl.imsglobal.org/ob/v3p0}credential", public(gold.id).token)

    def test_a_revoked_picture_is_grey_and_empty(self, cast, gold):
        with scope(cast.vendor_admin):
            services.revoke_badge(actor=cast.vendor_admin, badge_id=gold.id, note="Mistake.", at=AT)

        content = cast.client("stranger").get(reverse("directory:badge_picture", args=[gold.id])).content.decode()

        assert "openbadges:credential" not in content
        assert "No longer valid" in content

    def test_anybody_can_check_a_file_or_a_text(self, cast, gold):
        client, token = cast.client("stranger"), public(gold.id).token
        picture = client.get(reverse("directory:badge_picture", args=[gold.id])).content

        by_file = client.post(reverse("directory:check_badge"), {"file": SimpleUploadedFile("b.svg", picture)})
        by_text = client.post(reverse("directory:check_badge"), {"text": token})
        changed = client.post(reverse("directory:check_badge"), {"text": token[:-6] + "AAAAAA"})
        nothing = client.post(reverse("directory:check_badge"), {"file": SimpleUploadedFile("b.png", b"\x89PNG broken")})

        assert [answer.status_code for answer in (by_file, by_text, changed, nothing)] == [200, 200, 200, 422]
        assert "This badge is genuine" in by_file.content.decode()
        assert "This badge is genuine" in by_text.content.decode()
        assert "This badge was changed" in changed.content.decode()

    def test_a_profile_shows_valid_badges_and_its_metadata(self, cast, gold):
        make_listed(cast.partner_id, summary='<b>bold</b> & "plain"')

        page = cast.client("stranger").get("/directory/kallio-digital/").content.decode()

        assert reverse("directory:badge", args=[gold.id]) in page
        assert "<b>bold" not in page
        data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
        assert data["description"] == '<b>bold</b> & "plain"'
        assert (data["@type"], data["address"][0]["addressLocality"]) == ("Organization", "Helsinki")
        assert "hello@kallio.example" not in page

    def test_the_sitemap_lists_profiles_and_tiers(self, cast, gold):
        make_listed(cast.partner_id)

        body = cast.client("stranger").get("/directory/sitemap.xml").content.decode()

        assert "https://prm.halden.example/directory/kallio-digital/" in body
        assert "https://prm.halden.example/directory/resell/gold/" in body

    def test_a_closed_directory_is_not_there_for_visitors(self, cast):
        with scope(cast.vendor_admin):
            services.update_settings(actor=cast.vendor_admin, reviewed=[], heading="", lead="", is_open=False, at=AT)

        assert cast.client("stranger").get("/directory/").status_code == 404
        assert cast.client("vendor_admin").get("/directory/").status_code == 200

    @pytest.mark.parametrize(
        "query", ["?page=999999", "?within=abc&near=%00", "?text=" + "%F0%9F%A6%8A" * 30, "?tier=%27%3B--", "?near=91,181", "?country=<script>"]
    )
    def test_nothing_in_the_address_breaks_the_page(self, cast, query):
        response = cast.client("stranger").get("/directory/" + query)

        assert response.status_code == 200
        assert b"<script>" not in response.content.replace(b"<script src", b"")


class TestCommand:
    """`openprm verify-badge`, which needs neither network nor database when it is given both files."""

    @pytest.fixture
    def files(self, gold, tmp_path):
        with system_scope():
            (tmp_path / "jwks.json").write_text(json.dumps(queries.jwks()))
            (tmp_path / "list.jwt").write_text(StatusList.objects.get().token)
        (tmp_path / "badge.jwt").write_text(public(gold.id).token)
        return tmp_path

    def run(self, *arguments):
        from click.testing import CliRunner

        from openprm.directory.commands import verify_badge

        return CliRunner().invoke(verify_badge, [str(argument) for argument in arguments])

    @pytest.fixture(autouse=True)
    def today(self, monkeypatch):
        monkeypatch.setattr("openprm.directory.commands.now", lambda: self.at)

    at = AT

    def test_a_good_badge_exits_0(self, files):
        done = self.run(files / "badge.jwt", "--issuer-key", files / "jwks.json", "--status-list", files / "list.jwt")

        assert (done.exit_code, "This badge is genuine. " in done.output) == (0, True)

    def test_a_revoked_one_exits_1_with_the_reason(self, cast, gold, files):
        with scope(cast.vendor_admin):
            services.revoke_badge(actor=cast.vendor_admin, badge_id=gold.id, note="Mistake.", at=AT)
        with system_scope():
            (files / "list.jwt").write_text(StatusList.objects.get().token)

        done = self.run(files / "badge.jwt", "--issuer-key", files / "jwks.json", "--status-list", files / "list.jwt")

        assert (done.exit_code, "This badge was taken back" in done.output) == (1, True)

    def test_a_changed_one_exits_1_with_the_reason(self, files):
        head, body, signature = (files / "badge.jwt").read_text().split(".")
        payload = json.loads(base64.urlsafe_b64decode(body + "=="))
        payload["credentialSubject"]["achievement"]["name"] = "Platinum partner"
        forged = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
        (files / "badge.jwt").write_text(f"{head}.{forged}.{signature}")

        done = self.run(files / "badge.jwt", "--issuer-key", files / "jwks.json")

        assert (done.exit_code, "This badge was changed" in done.output) == (1, True)

    def test_an_expired_one_exits_1_with_the_day(self, files, monkeypatch):
        monkeypatch.setattr("openprm.directory.commands.now", lambda: AT + timedelta(days=400))

        done = self.run(files / "badge.jwt", "--issuer-key", files / "jwks.json", "--format", "json")

        assert (done.exit_code, json.loads(done.output)["state"]) == (1, "expired")

    def test_without_a_list_it_says_what_was_not_checked(self, files):
        done = self.run(files / "badge.jwt", "--issuer-key", files / "jwks.json")

        assert done.exit_code == 0
        assert "not done It was not taken back" in done.output

    def test_files_that_are_none_exit_2_or_1(self, files):
        assert self.run(files / "nothing.jwt").exit_code == 2
        assert self.run(files / "badge.jwt", "--issuer-key", files / "badge.jwt").exit_code == 2
        (files / "empty.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        assert self.run(files / "empty.svg", "--issuer-key", files / "jwks.json").exit_code == 1

    def test_a_stranger_s_key_does_not_do(self, files):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        other = tokens.public_of(Ed25519PrivateKey.generate())
        (files / "other.json").write_text(json.dumps(other.jwk("x")))

        done = self.run(files / "badge.jwt", "--issuer-key", files / "other.json")

        assert (done.exit_code, "not issued here" in done.output) == (1, True)


def test_the_api_and_the_page_say_the_same_of_a_badge(cast, gold):
    body = json.dumps({"credential": public(gold.id).token})

    answer = cast.client("partner_reader").post(
        "/api/v1/badges/check", body, content_type="application/json", headers={"Idempotency-Key": "11111111-1111-4111-8111-111111111111"}
    )

    assert (answer.status_code, answer.json()["badge"]["partner"]) == (200, "Kallio Digital")
