"""Packs that were made, and their files."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound
from openprm.kpis import policies
from openprm.kpis.queries.segments import segment_of, segment_words

FORMS = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST = 100
COLUMNS = (
    *("id", "as_of", "period", "compare", "state", "why", "asked_by_name", "fingerprint", "pdf_sha256", "pdf_bytes", "xlsx_sha256", "xlsx_bytes"),
    *("created_at", "ready_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    id: UUID
    as_of: date
    period: str
    compare: str
    partners: str
    state: str
    why: str
    asked_by_name: str
    fingerprint: str
    pdf_sha256: str
    pdf_bytes: int
    xlsx_sha256: str
    xlsx_bytes: int
    created_at: datetime
    ready_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    name: str
    content_type: str
    sha256: str
    fingerprint: str
    content: bytes


def packs(actor: Actor) -> tuple[PackView, ...]:
    """The newest hundred."""
    return tuple(_view(row) for row in policies.reach_packs(actor).order_by("-created_at", "-id")[:MOST])


def get_pack(actor: Actor, pack_id: UUID) -> PackView:
    """Raises NotFound."""
    return _view(policies.reach_packs(actor).one(pack_id))


def open_pack(actor: Actor, pack_id: UUID, form: str) -> PackFile:
    """Raises NotFound; Conflict while it is being made or when it could not be made."""
    if form not in FORMS:
        raise NotFound()
    row = policies.reach_packs(actor).one(pack_id)
    if row.state != "ready":
        raise Conflict(row.why or _("This pack is still being made. Come back in a minute."))
    with default_storage.open(row.key(form)) as file:
        content = file.read()
    return PackFile(
        name=f"program-{row.as_of.isoformat()}.{form}",
        content_type=FORMS[form],
        sha256=getattr(row, f"{form}_sha256"),
        fingerprint=row.fingerprint,
        content=content,
    )


def _view(row: Any) -> PackView:
    return PackView(**{name: getattr(row, name) for name in COLUMNS}, partners=segment_words(segment_of(row.segment)))
