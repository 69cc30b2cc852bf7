"""The pure parts: fields that wait, distances, bit lists, pictures, and the verdict on a badge."""

import io
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from openprm.directory import dotmap
from openprm.directory.rules import artwork, baking, credential, geo, profile, statuslist, tokens, verification

AT = datetime(2026, 6, 1, 9, 30, 15, 250, tzinfo=UTC)
KEY, STRANGER = Ed25519PrivateKey.from_private_bytes(b"k" * 32), Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC = tokens.public_of(KEY)
KID = f"https://prm.halden.example/badges/keys/{PUBLIC.thumbprint}"
LIST = "https://prm.halden.example/badges/status/1"
ISSUER = credential.Issuer(id="did:web:prm.halden.example", name="Halden Software", url="https://prm.halden.example/directory/")


def payload(**changes):
    made = credential.badge(
        url="https://prm.halden.example/badges/1/",
        issuer=ISSUER,
        partner_id=UUID(int=7),
        partner_name="Kallio Digital",
        achieved=credential.Achieved(id="https://h.example/a", kind="tier", name="Gold partner", description="d", criteria="c", image="https://h.example/i"),
        status=credential.StatusEntry(list_url=LIST, index=94_567),
        at=AT,
        until=AT + timedelta(days=365),
    )
    return made | changes


def token(key=KEY, **changes):
    return tokens.sign(payload(**changes), key=key, kid=KID)


def status_list(*revoked, key=KEY, **changes):
    made = credential.status_list(url=LIST, issuer=ISSUER, encoded=statuslist.encode(revoked), at=AT, until=AT + timedelta(days=14))
    return tokens.sign(made | changes, key=key, kid=KID)


def state(given_token, at=AT, **more):
    return verification.verify(given_token, keys=more.pop("keys", [PUBLIC]), at=at, **more).state


class TestProfile:
    def test_a_watched_field_waits_and_the_public_keeps_the_approved_value(self):
        approved = {"summary": "old", "services": ["support"], "offices": []}
        content = {"summary": "new", "services": ["training"], "offices": []}

        assert profile.waiting(content, approved, ["summary", "logo"]) == ("summary",)
        assert profile.shown(content, approved, ["summary"])["summary"] == "old"
        assert profile.shown(content, approved, ["summary"])["services"] == ["training"]

    def test_the_weights_make_a_hundred(self):
        assert sum(profile.WEIGHTS.values()) == 100
        assert profile.completeness({}).percent == 0
        assert profile.completeness(dict.fromkeys(profile.WEIGHTS, "x")) == profile.Completeness(100, ())

    def test_a_slug_is_made_of_the_name_and_stays_unique(self):
        assert profile.slug_of("Müller & Söhne GmbH", ()) == "muller-sohne-gmbh"
        assert profile.slug_of("Kallio", ["kallio", "kallio-2"]) == "kallio-3"
        assert profile.slug_of("日本", ()) == "partner"


class TestDistance:
    def test_helsinki_to_tallinn_is_82_km(self):
        assert geo.distance_km(geo.Point(60.1699, 24.9384), geo.Point(59.4370, 24.7536)) == pytest.approx(82.2, abs=0.3)

    @given(st.floats(-85, 85), st.floats(-180, 180), st.floats(-85, 85), st.floats(-180, 180), st.floats(1, 4000))
    def test_the_box_holds_every_point_of_the_circle(self, south, west, latitude, longitude, km):
        center, other = geo.Point(south, west), geo.Point(latitude, longitude)

        box = geo.box_around(center, km)

        if geo.distance_km(center, other) < km * 0.999:
            assert box.south <= latitude <= box.north
            assert any(low - 1e-9 <= longitude <= high + 1e-9 for low, high in box.longitudes)

    def test_a_box_over_the_date_line_has_two_ranges(self):
        assert len(geo.box_around(geo.Point(-17.7, 179.9), 100).longitudes) == 2

    @pytest.mark.parametrize("text", ["91, 10", "60,17", "abc", "60.1", "", "60.1, 200", "1e9, 1"])
    def test_what_is_no_point_is_none(self, text):
        point = geo.point_of(text)

        assert point is None or text == "60,17"

    def test_a_pair_is_a_point(self):
        assert geo.point_of(" 60.17, -24.94 ") == geo.Point(60.17, -24.94)


class TestStatusList:
    @given(st.sets(st.integers(0, statuslist.SIZE - 1), max_size=40))
    def test_exactly_the_given_bits_are_set(self, indexes):
        bits = statuslist.decode(statuslist.encode(indexes))

        assert len(bits) * 8 == statuslist.SIZE
        assert {index for index in indexes if statuslist.is_set(bits, index)} == indexes
        assert sum(bin(byte).count("1") for byte in bits) == len(indexes)

    def test_the_first_bit_is_the_left_most(self):
        assert statuslist.decode(statuslist.encode([0]))[0] == 0x80

    @pytest.mark.parametrize("text", ["", "x", "uAAAA", "z" + statuslist.encode([])[1:], statuslist.encode([])[:20]])
    def test_what_is_no_list_is_refused(self, text):
        with pytest.raises(statuslist.NotAList):
            statuslist.decode(text)


class TestVerdict:
    def test_a_genuine_badge_holds(self):
        verdict = verification.verify(token(), keys=[PUBLIC], at=AT, status_list=status_list(1))

        assert (verdict.state, verdict.holds, verdict.facts["partner"]) == ("valid", True, "Kallio Digital")
        assert all(check.is_passed for check in verdict.checks)

    def test_a_revoked_one_does_not(self):
        assert state(token(), status_list=status_list(94_567)) == "revoked"

    def test_time_counts_on_both_ends(self):
        assert state(token(), at=AT - timedelta(seconds=1)) == "not_yet"
        assert state(token(), at=AT + timedelta(days=366)) == "expired"

    @pytest.mark.parametrize("place", [40, 300, 900, -3])
    def test_any_changed_letter_shows(self, place):
        letters = list(token())
        letters[place] = "A" if letters[place] != "A" else "B"

        assert state("".join(letters)) in {"tampered", "not_a_badge", "unknown_key"}

    def test_another_key_is_not_the_issuers(self):
        assert state(token(key=STRANGER)) == "tampered"
        assert state(token(), keys=[tokens.public_of(STRANGER)]) == "unknown_key"

    def test_claims_that_disagree_with_the_credential_are_tampering(self):
        assert state(token(sub="urn:uuid:somebody-else")) == "tampered"
        assert state(token(validUntil="2099-01-01T00:00:00Z")) == "tampered"

    def test_no_other_algorithm_is_taken(self):
        forged = jwt.encode({"type": ["VerifiableCredential", "OpenBadgeCredential"]}, PUBLIC.x, algorithm="HS256", headers={"kid": KID})
        unsigned = jwt.encode(payload(), None, algorithm="none", headers={"kid": KID})

        assert state(forged) == "not_a_badge" or not verification.verify(forged, keys=[PUBLIC], at=AT).holds
        assert not verification.verify(unsigned, keys=[PUBLIC], at=AT).holds

    def test_a_status_list_of_somebody_else_is_not_used(self):
        assert state(token(), status_list=status_list(key=STRANGER)) == "status_unusable"
        assert state(token(), status_list=status_list(id="https://other.example/1")) == "status_unusable"

    def test_a_stale_list_still_revokes_and_says_that_it_is_stale(self):
        late = AT + timedelta(days=30)

        verdict = verification.verify(token(), keys=[PUBLIC], at=late, status_list=status_list())

        assert (verdict.state, [check.code for check in verdict.checks if check.is_passed is None]) == ("valid", ["status_fresh"])

    def test_without_a_list_the_verdict_says_what_was_not_checked(self):
        verdict = verification.verify(token(), keys=[PUBLIC], at=AT)

        assert [check.code for check in verdict.checks if check.is_passed is None] == ["status"]

    @given(st.text(max_size=200))
    def test_no_text_breaks_it(self, text):
        assert not verification.verify(text, keys=[PUBLIC], at=AT).holds

    def test_the_signature_stands_up_to_cryptography_alone(self):
        head, body, signature = token().split(".")
        raw = __import__("base64").urlsafe_b64decode(signature + "==")

        KEY.public_key().verify(raw, f"{head}.{body}".encode())


class TestKeys:
    def test_all_usual_files_give_the_key(self):
        jwk = PUBLIC.jwk(KID)
        pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        document = credential.did_document("did:web:h.example", [(PUBLIC.thumbprint, jwk)])

        for content in (json.dumps(jwk).encode(), json.dumps({"keys": [jwk]}).encode(), json.dumps(document).encode(), pem):
            assert tokens.read_keys(content)[0].raw == PUBLIC.raw

    def test_a_did_document_also_binds_the_issuer(self):
        document = credential.did_document("did:web:somebody.example", [(PUBLIC.thumbprint, PUBLIC.jwk(KID))])

        assert state(token(), keys=tokens.read_keys(json.dumps(document).encode())) == "tampered"

    @pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"-----BEGIN NONSENSE", b'{"kty":"OKP","crv":"Ed25519","x":"AA"}'])
    def test_what_is_no_key_is_refused(self, content):
        with pytest.raises(tokens.NotAKey):
            tokens.read_keys(content)


class TestPictures:
    LOOK = artwork.Look(title="Gold partner", subtitle='<script>"&', issuer="Halden & Co", partner="Kallio", color="#2f54eb", rank=2, rungs=3)

    def test_a_baked_svg_gives_its_token_back(self):
        assert baking.token_in(baking.bake_svg(artwork.draw(self.LOOK), token()).encode()) == token()

    def test_names_are_text_in_the_picture(self):
        assert "<script" not in artwork.draw(self.LOOK)

    def test_a_baked_png_gives_its_token_back(self):
        assert baking.token_in(baking.bake_png(Image.new("RGB", (20, 20)), token())) == token()

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty"),
            (b"hello", "no_credential"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_credential"),
            (b"<svg", "broken_picture"),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><svg>&b;</svg>', "broken_picture"),
            (b"\x89PNG\r\n\x1a\n", "broken_picture"),
            (b"x" * (baking.LARGEST_FILE + 1), "too_large"),
            (b"\xff\xfe", "no_credential"),
            (b"{}", "no_credential"),
        ],
    )
    def test_what_holds_no_badge_is_refused_with_a_code(self, content, code):
        with pytest.raises(baking.NotABadge, match=code):
            baking.token_in(content)

    def test_a_plain_png_holds_none(self):
        plain = io.BytesIO()
        Image.new("RGB", (20, 20)).save(plain, "PNG")

        with pytest.raises(baking.NotABadge, match="no_credential"):
            baking.token_in(plain.getvalue())


class TestDotMap:
    def test_offices_are_inside_the_picture(self):
        drawn = dotmap.draw([(60.17, 24.94), (48.14, 11.58), (38.72, -9.14)])

        assert drawn.offices == 3
        assert all(0 <= mark.x <= dotmap.WIDTH and 0 <= mark.y <= dotmap.HEIGHT for mark in drawn.marks)

    def test_without_offices_there_is_no_map(self):
        assert dotmap.draw([]) is None
