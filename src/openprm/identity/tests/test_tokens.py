from datetime import timedelta

import pytest

from openprm.identity import queries, services
from openprm.identity.models import ApiToken, Organization
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def make(actor, at, *, scopes=("identity:read",), days=30, name="CRM sync"):
    with scope(actor):
        return services.create_api_token(actor=actor, name=name, scopes=scopes, days=days, at=at)


def test_a_token_acts_as_its_person_within_its_scopes(cast, at):
    made = make(cast.partner_admin, at)

    actor = queries.actor_for_token(made.raw, at)

    assert actor.user_id == cast.partner_admin.user_id
    assert actor.partner_ids == (cast.partner.pk,)
    assert actor.token_scopes == {"identity:read"}
    assert actor.can("identity.view_people")
    assert not actor.can("identity.manage_people")


def test_an_actor_for_a_token_costs_one_query(cast, at, django_assert_num_queries):
    made = make(cast.partner_admin, at)

    with django_assert_num_queries(1):
        queries.actor_for_token(made.raw, at)


def test_the_secret_is_stored_as_a_hash(cast, at):
    made = make(cast.partner_admin, at)

    with system_scope():
        row = ApiToken.objects.get(pk=made.id)
    assert made.raw.startswith(f"oprm_{row.prefix}_")
    assert made.raw.rpartition("_")[2] not in row.hash


def test_a_changed_secret_is_nobody(cast, at):
    made = make(cast.partner_admin, at)

    assert queries.actor_for_token(made.raw[:-1] + ("a" if made.raw[-1] != "a" else "b"), at) is None


def test_an_expired_token_is_nobody(cast, at):
    made = make(cast.partner_admin, at, days=1)

    assert queries.actor_for_token(made.raw, at + timedelta(hours=23)) is not None
    assert queries.actor_for_token(made.raw, at + timedelta(days=1)) is None


def test_a_revoked_token_is_nobody(cast, at):
    made = make(cast.partner_admin, at)

    with scope(cast.partner_admin):
        services.revoke_api_token(actor=cast.partner_admin, token_id=made.id, at=at)

    assert queries.actor_for_token(made.raw, at) is None


def test_the_token_of_a_suspended_partner_is_nobody(cast, at):
    made = make(cast.partner_admin, at)

    with system_scope():
        Organization.objects.filter(pk=cast.partner.pk).update(status="suspended")

    assert queries.actor_for_token(made.raw, at) is None


def test_nobody_grants_more_than_they_hold(cast, at):
    with pytest.raises(Invalid) as refusal:
        make(cast.vendor_reader, at, scopes=("identity:read", "audit:write"))

    assert refusal.value.field == "scopes"
    with system_scope():
        assert not ApiToken.objects.exists()


def test_a_token_without_scopes_is_refused(cast, at):
    with pytest.raises(Invalid):
        make(cast.vendor_admin, at, scopes=())


@pytest.mark.parametrize("days", [0, 366])
def test_a_token_lives_at_most_a_year(cast, at, days):
    with pytest.raises(Invalid) as refusal:
        make(cast.vendor_admin, at, days=days)

    assert refusal.value.field == "days"


def test_a_token_makes_no_tokens(cast, at):
    held = tuple(queries.grantable_scopes(cast.partner_admin))
    actor = queries.actor_for_token(make(cast.partner_admin, at, scopes=held).raw, at)

    with pytest.raises(NotAllowed):
        make(actor, at)


def test_a_person_has_at_most_20_live_tokens(cast, at):
    for _number in range(20):
        make(cast.partner_rep, at)

    with pytest.raises(services.TooManyTokens):
        make(cast.partner_rep, at)


def test_a_colleague_cannot_see_or_revoke_a_token(cast, at):
    made = make(cast.partner_admin, at)

    with scope(cast.partner_rep):
        assert queries.tokens(cast.partner_rep, at) == []
        with pytest.raises(NotFound):
            services.revoke_api_token(actor=cast.partner_rep, token_id=made.id, at=at)


def test_an_administrator_revokes_a_teams_token(cast, at):
    made = make(cast.partner_rep, at)

    with scope(cast.partner_admin):
        services.revoke_api_token(actor=cast.partner_admin, token_id=made.id, at=at)

        (row,) = queries.tokens(cast.partner_admin, at)
    assert (row.person, row.state) == ("Aino Laine", "revoked")


def test_signing_in_with_a_token_is_remembered(cast, at):
    made = make(cast.partner_rep, at)

    assert services.actor_for_token(made.raw, at).user_id == cast.partner_rep.user_id
    assert services.actor_for_token("oprm_rubbish", at) is None

    with system_scope():
        assert ApiToken.objects.get(pk=made.id).last_used_at == at


def test_use_is_remembered_once_a_minute(cast, at):
    made = make(cast.partner_rep, at)
    actor = queries.actor_for_token(made.raw, at)

    for seconds in (0, 30, 59):
        with scope(actor):
            services.touch_token(actor=actor, at=at + timedelta(seconds=seconds))
    with system_scope():
        assert ApiToken.objects.get(pk=made.id).last_used_at == at
    with scope(actor):
        services.touch_token(actor=actor, at=at + timedelta(seconds=60))

    with system_scope():
        assert ApiToken.objects.get(pk=made.id).last_used_at == at + timedelta(seconds=60)
