"""A registry with kinds and decisions of the tests' own, so that these tests stand whatever the domains contribute."""

from dataclasses import replace
from datetime import timedelta

import pytest

from openprm.inbox.ports import Decision, NotificationKind
from openprm.inbox.wiring import wiring
from openprm.kernel.money import Money
from openprm.kernel.registry import registry

KINDS = (
    NotificationKind(code="test.approved", label="a registration is approved", group="Deals", icon="shield-check", tone="ok"),
    NotificationKind(code="test.comment", label="somebody writes a note", group="Deals", mail="daily"),
    NotificationKind(code="test.vendor_only", label="a partner asks for something", group="Partners", side="vendor"),
)


class Decisions:
    """Three decisions in no order, for the vendor; one for the partner."""

    def list_decisions(self, actor, at):
        if actor.is_partner:
            return [Decision(key="d:9", title="Answer about Ostrava", detail="2 fields", url="/portal/deals/9/", due_at=at + timedelta(days=1))]
        return [
            Decision(key="d:3", title="Atrium Hospitals", detail="No conflict", url="/app/deals/3/", due_at=None, approve_url="/app/deals/3/approve/"),
            Decision(key="d:2", title="Sintra stays Gold", detail="2 of 3 met", url="/app/deals/2/", due_at=at + timedelta(days=3)),
            Decision(
                key="d:1", title="Ostrava Steelworks", detail="Possible conflict", url="/app/deals/1/", due_at=at + timedelta(hours=5),
                tone="bad", value=Money(24000000, "EUR"),
            ),
        ]  # fmt: skip


@pytest.fixture(autouse=True)
def contributions(monkeypatch):
    others = tuple(replace(one, notification_kinds=(), decision_sources=()) for one in registry.wirings if one.domain != "inbox")
    ours = replace(wiring, notification_kinds=(*KINDS, *wiring.notification_kinds), decision_sources=(Decisions(),))
    monkeypatch.setitem(registry.__dict__, "wirings", (*others, ours))
