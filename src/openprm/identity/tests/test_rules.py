from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.identity import rules
from openprm.identity.brand import brand_css, brand_tokens, contrast

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def test_a_partner_gives_no_vendor_role():
    assert not set(rules.roles_of("partner")) & set(rules.VENDOR_ROLES)


def test_an_address_has_one_spelling():
    assert rules.normal_email("  Aino.Laine@Kallio.FI ") == "aino.laine@kallio.fi"


def test_a_token_is_found_by_its_prefix_and_known_by_its_digest():
    token = rules.new_token()

    assert rules.token_prefix(token.raw) == token.prefix
    assert rules.same_secret(token.raw, token.digest)
    assert not rules.same_secret(token.raw + "x", token.digest)


@pytest.mark.parametrize("raw", ["", "oprm_", "oprm_ab_c", "Bearer x", "oprm_" + "a" * 12 + "_" + "é" * 43, "x" * 5000])
def test_rubbish_has_no_prefix(raw):
    assert rules.token_prefix(raw) is None


@pytest.mark.parametrize(
    ("accepted", "revoked", "expires", "state"),
    [(None, None, LATER, "open"), (None, None, AT, "expired"), (AT, None, LATER, "accepted"), (None, AT, LATER, "revoked")],
)
def test_an_invitation_is_in_one_state(accepted, revoked, expires, state):
    assert rules.invitation_state(accepted_at=accepted, revoked_at=revoked, expires_at=expires, at=AT) == state


@pytest.mark.parametrize(("revoked", "expires", "state"), [(None, LATER, "active"), (None, AT, "expired"), (AT, LATER, "revoked")])
def test_a_token_is_in_one_state(revoked, expires, state):
    assert rules.token_state(revoked_at=revoked, expires_at=expires, at=AT) == state


def test_a_used_link_is_spent():
    assert rules.link_is_usable(used_at=None, expires_at=LATER, at=AT)
    assert not rules.link_is_usable(used_at=AT, expires_at=LATER, at=AT)
    assert not rules.link_is_usable(used_at=None, expires_at=AT, at=AT)


def test_scopes_cover_permissions():
    assert rules.scopes_of(["deals.view", "deals.view_all", "deals.approve", "identity.view_people"]) == ("deals:read", "deals:write", "identity:read")


def test_the_last_administrator_is_noticed():
    assert rules.leaves_no_admin(admin_ids=["a"], losing="a")
    assert not rules.leaves_no_admin(admin_ids=["a", "b"], losing="a")
    assert not rules.leaves_no_admin(admin_ids=["b"], losing="a")


colors = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colors)
def test_every_brand_colour_stays_readable(color):
    tokens = brand_tokens(color)

    assert contrast(tokens["--on-brand"], tokens["--brand"]) >= 4.5
    assert contrast(tokens["--on-brand-dark"], tokens["--brand-dark"]) >= 4.5
    assert contrast(tokens["--brand-ink-light"], "#ffffff") >= 4.5
    assert contrast(tokens["--brand-ink-dark"], "#1e2127") >= 4.5
    assert contrast(tokens["--brand-mark-light"], "#ffffff") >= 3
    assert contrast(tokens["--brand-mark-dark"], "#1e2127") >= 3


def test_the_style_sheet_holds_the_radius():
    assert "--radius: 12px;" in brand_css("#0b6b57", 12)
