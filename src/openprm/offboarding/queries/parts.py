"""What a partner takes along: our own tables from the rooms below, and those that other rooms add."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.audit import queries as audit
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.registry import registry
from openprm.partners import queries as partners
from openprm.partners.ports import ExportPart
from openprm.promises import queries as promises

PROMISES_AT_ONCE = 1000


def export_parts() -> tuple[ExportPart, ...]:
    """Every table, our own first; the same code twice is a mistake of a wiring and is refused."""
    parts = (*OWN, *registry.filling("offboarding.export"))
    codes = [part.code for part in parts]
    assert len(set(codes)) == len(codes), f"two rooms export the same table: {sorted(codes)}"
    return parts


def _company(actor: Actor) -> Iterator[dict[str, Any]]:
    for partner_id in actor.partner_ids:
        yield _plain(asdict(partners.partner(actor, partner_id)), COMPANY)


def _people(actor: Actor) -> Iterator[dict[str, Any]]:
    for partner_id in actor.partner_ids:
        for person in identity.people(actor, partner_id):
            yield _plain(asdict(person), PEOPLE)


def _memberships(actor: Actor) -> Iterator[dict[str, Any]]:
    for partner_id in actor.partner_ids:
        for one in partners.enrollments_of(actor, partner_id):
            yield _plain(asdict(one), MEMBERSHIPS)


def _history(actor: Actor) -> Iterator[dict[str, Any]]:
    for entry in audit.export_events(actor, audit.Search()):
        changes = [{"field": one.field, "label": one.label, "old": one.old, "new": one.new} for one in entry.changes]
        yield {**{name: getattr(entry, name) for name in HISTORY if name != "changes"}, "changes": changes}


def _promises(actor: Actor) -> Iterator[dict[str, Any]]:
    after = None
    while rows := promises.clocks_after(actor, promises.ClockFilters(), after=after, limit=PROMISES_AT_ONCE, at=now()):
        for row in rows:
            yield {name: getattr(row, name) for name in PROMISES}
        after = (rows[-1].started_at, rows[-1].id)


def _plain(values: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in columns}


COMPANY = ("id", "name", "legal_name", "domain", "country", "time_zone", "status", "type", "motion", "region", "website", "manager_name", "created_at")
PEOPLE = ("id", "name", "email", "role", "state", "last_seen_at", "expires_at")
MEMBERSHIPS = ("id", "program_code", "program_name", "tier_code", "tier_name", "status", "since", "until", "benefits")
HISTORY = (
    *("id", "at", "verb", "label", "actor_name", "actor_side", "actor_organization", "subject_type", "subject_id", "subject_label"),
    *("note", "data", "changes", "seal"),
)
PROMISES = ("id", "code", "state", "subject_id", "subject_label", "started_at", "due_at", "answered_at", "overdue", "target_words")
OWN = (
    ExportPart(code="company", label=_("The company, as the vendor keeps it"), columns=COMPANY, rows=_company),
    ExportPart(code="people", label=_("Its people and open invitations"), columns=PEOPLE, rows=_people),
    ExportPart(code="memberships", label=_("Its programs and tiers"), columns=MEMBERSHIPS, rows=_memberships),
    ExportPart(code="promises", label=_("What was promised, and how it was kept"), columns=PROMISES, rows=_promises),
    ExportPart(code="history", label=_("Everything that happened, as the sealed log shows it"), columns=HISTORY, rows=_history),
)
