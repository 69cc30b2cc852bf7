"""Builders for tests: plain and typed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.agreements import services
from openprm.agreements.models import Acceptance, Version
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.scope import scope, system_scope

SOME_DAY = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
TEXT = """## 1. What we promise

We answer every registered deal within two working days.

## 2. What you promise

- You register deals before you quote.
- You name your customer truthfully.

## 3. Term

This charter holds for one year and renews itself."""


def make_document(*, code: str = "partner-charter", title: str = "Partner charter", kind: str = "charter", at: datetime = SOME_DAY, **values: Any) -> UUID:
    """A document without a text."""
    with system_scope():
        return services.create_document(actor=SYSTEM, code=code, title=title, kind=kind, at=at, **values)


def make_version(document_id: UUID, *, text: str = TEXT, title: str = "Partner charter", at: datetime = SOME_DAY, ask: bool = True, **values: Any) -> UUID:
    """A published version; every partner is asked for it at once, as the queue would."""
    with system_scope():
        draft_id = services.begin_draft(actor=SYSTEM, document_id=document_id, at=at)
        services.save_draft(actor=SYSTEM, draft_id=draft_id, title=title, text=text, at=at)
        services.publish(actor=SYSTEM, draft_id=draft_id, at=at, **values)
        for partner_id in services.partner_ids() if ask else ():
            services.settle(partner_id=partner_id, at=at)
        return draft_id


def acceptance_of(version_id: UUID, partner_id: UUID) -> Acceptance:
    """What this partner was asked for. Raises DoesNotExist."""
    with system_scope():
        return Acceptance.objects.select_related("version", "document").get(version=version_id, partner=partner_id)


def sign(actor: Actor, version_id: UUID, *, at: datetime = SOME_DAY, drawn: str = "", name: str = "", title: str = "Managing director") -> UUID:
    """Sign as this person of a partner; gives the acceptance's id."""
    row = acceptance_of(version_id, actor.partner_id)
    with scope(actor):
        services.accept(
            actor=actor,
            acceptance_id=row.pk,
            sha256=row.version.sha256,
            pen=services.Pen(name=name or actor.name, title=title, drawn=drawn),
            is_confirmed=True,
            origin=services.Origin(ip_address="203.0.113.7", user_agent="Tests/1.0"),
            at=at,
        )
    return row.pk


def stored_version(version_id: UUID) -> Version:
    with system_scope():
        return Version.objects.get(pk=version_id)
