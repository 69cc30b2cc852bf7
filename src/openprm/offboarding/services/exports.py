"""The partner's export: made once, handed out by a signed address or inside, gone when its time is over."""

import hashlib
import tempfile
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.identity import queries as identity
from openprm.kernel.actor import PUBLIC, SYSTEM, Actor, Side
from openprm.kernel.errors import NotFound, Refusal, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope
from openprm.offboarding import links, policies
from openprm.offboarding.events import ExportMade
from openprm.offboarding.models import Export, Offboarding
from openprm.offboarding.ports import Outcome
from openprm.offboarding.queries.checklist import definition
from openprm.offboarding.queries.parts import export_parts
from openprm.offboarding.queries.results import OpenedExport
from openprm.offboarding.rules import EXPORT
from openprm.offboarding.services.archive import CHUNK, write_archive
from openprm.offboarding.services.steps import fail, settle
from openprm.offboarding.services.unit import load, record
from openprm.partners import queries as partners


@transaction.atomic
def make_export(*, offboarding_id: UUID, at: datetime) -> None:
    """Write the partner's export in the partner's own scope, keep it, and tick the step off. Safe to repeat. Raises NotFound."""
    row = load(SYSTEM, offboarding_id)
    if row.status != "open" or row.exports.filter(gone_at=None).exists():
        return None
    try:
        with transaction.atomic():
            export = _written(row, at)
    except Refusal as refusal:
        return fail(SYSTEM, row, EXPORT, refusal.message, at)
    total = sum(part["rows"] for part in export.parts)
    note = ngettext("%(count)d row in %(parts)d tables.", "%(count)d rows in %(parts)d tables.", total) % {"count": total, "parts": len(export.parts)}
    record(SYSTEM, "offboarding.export_made", row, at=at, data={"sha256": export.sha256, "size": export.size})
    publish(ExportMade(offboarding_id=row.pk, partner_id=row.partner_id, at=at))
    step, defined = row.steps.get(code=EXPORT), definition(EXPORT)
    assert defined is not None, "the export is a step of our own"
    return settle(SYSTEM, row, step, defined, Outcome(note=note), at)


def open_export(*, actor: Actor, offboarding_id: UUID, at: datetime) -> OpenedExport:
    """The export for somebody who is signed in. Raises NotFound, NotAllowed."""
    row = policies.reach(actor).one(offboarding_id)
    refuse_if(policies.why_not_download(actor))
    with scope(SYSTEM):
        return _opened(actor, row, at)


def open_export_by_link(*, token: str, at: datetime) -> OpenedExport:
    """The export for whoever holds the signed address, until its time is over. Runs in the system's scope. Raises NotFound."""
    row = find_by_link(token=token, at=at)
    return _opened(PUBLIC, row, at)


def find_by_link(*, token: str, at: datetime) -> Any:
    """The leaving that a signed address opens, in the system's scope. Raises NotFound, also when its time is over."""
    row = Offboarding.objects.filter(pk=links.offboarding_of(token), status__in=["open", "done"]).first()
    if row is None or row.link_ends_at is None or at >= row.link_ends_at:
        raise NotFound(_("This address has ended. Ask the partner manager you knew whether the data is still kept."))
    return row


def remove_ended_exports(*, at: datetime) -> int:
    """Delete the files whose link has ended; gives how many. Safe to repeat."""
    ended = list(Export.objects.filter(gone_at=None, offboarding__link_ends_at__lte=at).locked()[:200])
    for export in ended:
        export.gone_at = at
        export.save(update_fields=["gone_at", "updated_at"])
        transaction.on_commit(lambda key=export.storage_key: default_storage.delete(key))
    return len(ended)


def _written(row: Offboarding, at: datetime) -> Export:
    with tempfile.TemporaryFile() as out:
        parts = _write(row, out, at)
        sha256, size = _measured(out)
        export = Export(id=new_id(), offboarding=row, partner_id=row.partner_id, sha256=sha256, size=size, parts=parts, made_at=at)
        export.storage_key = default_storage.save(f"offboarding/{export.pk}.zip", File(out))
    export.save(force_insert=True)
    return export


def _write(row: Offboarding, out: Any, at: datetime) -> list[dict[str, Any]]:
    """In the partner's scope: what row-level security does not give, no part can write."""
    partner, vendor = partners.partner(SYSTEM, row.partner_id), identity.vendor_organization()
    actor = Actor(
        side=Side.PARTNER, name=partner.name, organization_id=partner.id, partner_ids=(partner.id,), roles=frozenset({"partner_admin"}), time_zone="UTC"
    )  # fmt: skip
    with scope(actor):
        return write_archive(out, parts=export_parts(), actor=actor, partner=partner.name, vendor=vendor.name if vendor else "", at=at)


def _measured(out: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    out.seek(0)
    while piece := out.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    out.seek(0)
    return digest.hexdigest(), size


def _opened(actor: Actor, row: Offboarding, at: datetime) -> OpenedExport:
    export = row.exports.filter(gone_at=None).first()
    try:
        file = default_storage.open(export.storage_key, "rb") if export else None
    except FileNotFoundError:
        file = None
    if export is None or file is None:
        raise NotFound(_("The export is not there yet, or its time is over."))
    Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1, downloaded_at=at)
    record(actor, "offboarding.export_downloaded", row, at=at, data={"sha256": export.sha256})
    return OpenedExport(name=f"export-{row.partner_id.hex[:8]}.zip", size=export.size, sha256=export.sha256, file=file)
