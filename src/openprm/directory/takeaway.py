"""What a partner takes along from here when it leaves, and what is forgotten of its people."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from openprm.directory import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.partners.ports import Erasure, ExportFile, ExportPart

PROFILE = (
    "summary",
    "description",
    "website",
    "services",
    "products",
    "industries",
    "languages",
    "regions",
    "certifications",
    "contact_email",
    "state",
    "visibility",
)
REFERENCE = ("customer", "country", "industry", "title", "story", "quote", "quoted", "consent_by", "consent_email", "consent_date", "state")
MESSAGE = ("name", "email", "company", "text", "created_at")
BADGE = ("id", "code", "name", "subtitle", "state", "issued_at", "valid_until", "revoked_at", "revoked_note")


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    return {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _profile(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for partner_id in actor.partner_ids:
        yield _values(queries.own_profile(actor, partner_id), PROFILE)


def _logo(actor: Actor) -> Iterator[ExportFile]:
    for partner_id in actor.partner_ids:
        if logo := queries.own_profile(actor, partner_id).logo:
            yield ExportFile("logo.png", lambda path=f"logos/{logo}": default_storage.open(path))


def _references(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for partner_id in actor.partner_ids:
        for row in queries.references(actor, partner_id):
            yield _values(row, REFERENCE)


def _messages(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.newest_messages(actor).iterator(chunk_size=500):
        yield _values(queries.message_row(row), MESSAGE)


def _badges(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for partner_id in actor.partner_ids:
        for row in queries.badges_of(actor, partner_id, now()):
            yield _values(row, BADGE)


def _erase(*, partner_id: UUID, people: Any, at: datetime) -> int:
    return services.forget_people(partner_id=partner_id)


EXPORT = (
    ExportPart(code="profile", label=_("Public profile"), about=_("What you said about your company."), columns=PROFILE, rows=_profile, files=_logo),
    ExportPart(code="references", label=_("Customer references"), about=_("With who agreed to them."), columns=REFERENCE, rows=_references),
    ExportPart(code="messages", label=_("Messages of visitors"), about=_("What people wrote to you through the directory."), columns=MESSAGE, rows=_messages),
    ExportPart(code="badges", label=_("Badges"), about=_("What you earned, with what was taken back."), columns=BADGE, rows=_badges),
)
ERASURE = (Erasure(code="directory", label=_("Contacts in profile, references and messages"), erase=_erase),)
