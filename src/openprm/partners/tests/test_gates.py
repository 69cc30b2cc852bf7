from datetime import timedelta

import pytest
from django.db import connection

from openprm.kernel.errors import Invalid, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.partners import queries, services

pytestmark = pytest.mark.django_db
WORDS = {"reason": "Your ISO 27001 certificate ended.", "cure": "Upload the new one.", "cure_url": "/portal/compliance/"}


def close(cast, at, actor=None, **values):
    actor = actor or cast.vendor_admin
    with scope(actor):
        services.close_gate(
            actor=actor, partner_id=cast.partner_id, at=at, **{"actions": ("deals",), "source": "compliance", "key": "certificate:1", **WORDS, **values}
        )


def why(cast, action, at):
    with scope(cast.partner_rep):
        return queries.why_closed(cast.partner_id, action, at)


def test_a_closed_gate_tells_the_partner_why_and_what_opens_it(cast, at):
    close(cast, at)

    assert why(cast, "deals", at) == "Your ISO 27001 certificate ended. Upload the new one."
    assert why(cast, "payouts", at) is None
    with scope(cast.other_partner_rep):
        assert queries.gates(cast.partner_id, at) == ()


def test_a_gate_can_close_at_a_moment_ahead_and_open_at_another(cast, at):
    close(cast, at, since=at + timedelta(days=3), until=at + timedelta(days=5))

    assert why(cast, "deals", at + timedelta(days=3, seconds=-1)) is None
    assert why(cast, "deals", at + timedelta(days=3)) is not None
    assert why(cast, "deals", at + timedelta(days=5)) is None
    with scope(cast.partner_rep):
        assert [(gate.label, gate.is_ahead) for gate in queries.gates_with_ahead(cast.partner_id, at)] == [("Register deals", True)]


def test_closing_twice_for_one_reason_is_one_gate_with_the_newer_words(cast, at):
    close(cast, at)
    close(cast, at, reason="Your certificate was withdrawn.")

    with scope(cast.partner_rep):
        assert [gate.reason for gate in queries.gates(cast.partner_id, at)] == ["Your certificate was withdrawn."]


def test_lifting_opens_only_what_that_source_closed_under_that_key(cast, at):
    close(cast, at, actions=("deals", "payouts"))
    close(cast, at, source="agreements", key="charter", reason="The charter waits for your signature.", cure="Sign it.")

    with system_scope() as system:
        assert services.lift_gate(actor=system, partner_id=cast.partner_id, source="compliance", key="certificate:1", at=at) == 2
        assert services.lift_gate(actor=system, partner_id=cast.partner_id, source="compliance", key="certificate:1", at=at) == 0

    assert why(cast, "payouts", at) is None
    assert why(cast, "deals", at) == "The charter waits for your signature. Sign it."


@pytest.mark.parametrize("person", ["vendor_reader", "finance_manager"])
def test_only_those_who_manage_partners_close_a_gate(cast, at, person):
    with pytest.raises(NotAllowed, match="close an action"):
        close(cast, at, actor=getattr(cast, person))

    assert why(cast, "deals", at) is None


def test_a_partner_cannot_open_its_own_gate(cast, at):
    close(cast, at)

    with scope(cast.partner_admin), pytest.raises(NotAllowed):
        services.lift_gate(actor=cast.partner_admin, partner_id=cast.partner_id, source="compliance", key="certificate:1", at=at)
    with scope(cast.partner_admin), connection.cursor() as cursor:
        cursor.execute("update partners_gate set cure = 'Nothing.'")
        assert cursor.rowcount == 0

    assert why(cast, "deals", at) is not None


def test_an_action_nobody_guards_is_refused(cast, at):
    with pytest.raises(Invalid, match="dance"):
        close(cast, at, actions=("deals", "dance"))

    assert why(cast, "deals", at) is None
