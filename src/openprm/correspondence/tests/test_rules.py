from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.correspondence import rules

KEY, OTHER = b"k" * 32, b"o" * 32
ROW = UUID("01990000-0000-7000-8000-000000000001")
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@given(st.uuids())
def test_a_token_names_its_row_and_fits_an_address(row_id):
    token = rules.token_of(row_id, KEY)

    assert rules.row_of(token, KEY) == row_id
    assert rules.row_of(token.upper(), KEY) == row_id
    assert len(f"{rules.PREFIX}{token}") <= 64


@given(st.uuids(), st.integers(0, 49), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_with_one_other_letter_is_none(row_id, place, letter):
    token = rules.token_of(row_id, KEY)
    changed = token[:place] + letter + token[place + 1 :]

    assert rules.row_of(changed, KEY) == (row_id if changed == token else None)


def test_a_token_of_another_key_is_none():
    assert rules.row_of(rules.token_of(ROW, OTHER), KEY) is None


@given(st.text(max_size=80))
def test_rubbish_is_no_token(text):
    assert rules.row_of(text, KEY) is None


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("reply+abc@reply.halden.example", "abc"),
        ("<Reply+ABC@Reply.Halden.Example>", "ABC"),
        ("reply+abc@reply.halden.example.", "abc"),
        ("reply+abc@halden.example", None),
        ("reply+abc@evil.example@reply.halden.example", "abc@evil.example"),
        ("info@reply.halden.example", None),
        ("", None),
        ("@", None),
    ],
)
def test_only_addresses_of_the_reply_domain_are_ours(address, found):
    assert rules.token_in(address, "reply.halden.example") == found


def test_without_a_reply_domain_no_address_is_ours():
    assert rules.token_in("reply+abc@", "") is None


@pytest.mark.parametrize(
    ("headers", "sender", "code"),
    [
        ({}, "aino@kallio.example", None),
        ({"auto-submitted": "no"}, "a@b.example", None),
        ({"auto-submitted": "auto-replied; owner-email=x"}, "a@b.example", "auto_reply"),
        ({"auto-submitted": "auto-generated"}, "a@b.example", "auto_reply"),
        ({"precedence": "Bulk"}, "a@b.example", "mailing_list"),
        ({"precedence": "auto_reply"}, "a@b.example", "auto_reply"),
        ({"list-id": "<x.example>"}, "a@b.example", "mailing_list"),
        ({"x-autoreply": "yes"}, "a@b.example", "auto_reply"),
        ({"content-type": "multipart/report; report-type=delivery-status"}, "a@b.example", "bounce"),
        ({"from-address": "mailer-daemon@mx.example"}, "a@b.example", "bounce"),
        ({}, "", "bounce"),
        ({}, None, None),
    ],
)
def test_machines_are_known_by_their_headers(headers, sender, code):
    found = rules.written_by_machine(headers, envelope_sender=sender, hops=3)

    assert (found.code if found else None) == code


def test_a_mail_that_went_round_too_often_is_a_loop():
    assert rules.written_by_machine({}, envelope_sender="a@b.example", hops=31).code == "loop"


@pytest.mark.parametrize(
    ("results", "genuine"),
    [
        (["mx.halden.example; dmarc=pass header.from=kallio.example"], True),
        (["mx.halden.example; dmarc=fail header.from=kallio.example; spf=pass smtp.mailfrom=kallio.example"], False),
        (["mx.halden.example; dkim=pass header.d=kallio.example"], True),
        (["mx.halden.example; dkim=pass header.d=mail.kallio.example"], True),
        (["mx.halden.example; dkim=pass header.d=evil.example"], False),
        (["mx.halden.example; dkim=pass header.d=notkallio.example"], False),
        (["mx.halden.example; spf=pass (sender ok) smtp.mailfrom=aino@kallio.example; dmarc=none"], True),
        (["mx.halden.example; none"], False),
        (["evil.example; dmarc=pass header.from=kallio.example"], False),
        (["mx.halden.example (dmarc=pass); dmarc=fail"], False),
        ([], False),
        (["MX.Halden.Example 1;\r\n dmarc=pass"], True),
    ],
)
def test_only_our_own_server_vouches_for_a_sender(results, genuine):
    verdict = rules.judged(results, authserv="mx.halden.example", sender="aino@kallio.example")

    assert verdict.is_genuine is genuine


def test_the_first_words_of_our_own_server_count():
    """Our server writes above what came with the mail; a line below with its name was forged."""
    ours = ["mx.halden.example; dmarc=fail", "mx.halden.example; dmarc=pass"]

    assert not rules.judged(ours, authserv="mx.halden.example", sender="aino@kallio.example").is_genuine


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "active"),
        ({"revoked_at": AT}, "revoked"),
        ({"used_at": AT}, "used"),
        ({"used_at": AT, "revoked_at": AT}, "used"),
        ({"expires_at": AT}, "expired"),
        ({"expires_at": AT, "revoked_at": AT}, "revoked"),
    ],
)
def test_a_state_says_what_a_person_did_before_what_the_clock_did(values, state):
    assert rules.state_of(**{"at": AT, "expires_at": AT + timedelta(days=1)} | values) == state
