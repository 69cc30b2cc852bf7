"""Making the pack for the board: at once when there is little to read, by a worker when there is much; kept with its hashes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Refusal, TooMany, refuse_if
from openprm.kernel.events import publish
from openprm.kpis import policies, queries
from openprm.kpis.engine import content, pdf
from openprm.kpis.events import PackAsked
from openprm.kpis.models import Pack
from openprm.kpis.queries.figures import Asked, check
from openprm.kpis.queries.segments import parts_of, segment_of
from openprm.kpis.services import workbook

AT_ONCE = 20_000
AN_HOUR = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The same contents twice. Same data and same question: same bytes."""

    pdf: bytes
    xlsx: bytes
    fingerprint: str


def draw_pack(actor: Actor, asked: Asked, *, locale: str = "en") -> Drawn:
    """Raises NotAllowed, NotFound, Invalid."""
    refuse_if(policies.why_not_program(actor))
    with translation.override(locale):
        return drawn(queries.pack(actor, asked, locale=locale))


def drawn(made: content.Pack) -> Drawn:
    """The same contents on paper and as a workbook."""
    fingerprint = made.fingerprint
    return Drawn(pdf=pdf.draw(made, fingerprint), xlsx=workbook.draw(made, fingerprint), fingerprint=fingerprint)


def draw_now(*, actor: Actor, asked: Asked, locale: str = "en") -> Drawn:
    """A pack for somebody who waits for it. Raises NotAllowed, NotFound, Invalid; Conflict when there is too much to read."""
    refuse_if(policies.why_not_program(actor))
    if is_large(actor):
        raise Conflict(_("There is too much to read while you wait. Have the pack made by a worker: POST /api/v1/kpis/packs."))
    return draw_pack(actor, asked, locale=locale)


@transaction.atomic
def ask_for_pack(*, actor: Actor, asked: Asked, at: datetime) -> UUID:
    """Have a pack made and kept. Gives its id; it is ready at once when there is little to read.

    Raises NotAllowed, Invalid, TooMany.
    """
    refuse_if(policies.why_not_program(actor))
    check(asked)
    if policies.reach_packs(actor).filter(created_at__gt=at - timedelta(hours=1)).count() >= AN_HOUR:
        raise TooMany(_("%(count)d packs were made within an hour. Wait a little.") % {"count": AN_HOUR}, retry_after=3600)
    row = Pack.objects.create(
        as_of=asked.as_of, period=asked.period, compare=asked.compare, segment=parts_of(asked.segment), locale=actor.locale, asked_by_name=actor.name
    )
    audit.record(actor, "kpis.pack_asked", row, at=at)
    if is_large(actor):
        publish(PackAsked(pack_id=row.pk, at=at))
    else:
        _fill(actor, row, at)
    return row.pk


def is_large(actor: Actor) -> bool:
    """Too much to read while somebody waits."""
    return deals.listed(actor, deals.Filters()).count() > AT_ONCE


def make_pack(*, pack_id: UUID, at: datetime) -> None:
    """The worker's part. A pack that stands is left alone; one that cannot be made says why."""
    row = policies.reach_packs(SYSTEM).locked().filter(pk=pack_id, state=Pack.State.PENDING).first()
    if row is None:
        return
    try:
        with transaction.atomic():
            _fill(SYSTEM, row, at)
    except Refusal as refusal:
        row.state, row.why = Pack.State.FAILED, str(refusal.message)[:300]
        row.save(update_fields=["state", "why", "updated_at"])


def _fill(actor: Actor, row: Pack, at: datetime) -> None:
    asked = Asked(as_of=row.as_of, period=row.period, compare=row.compare, segment=segment_of(row.segment))
    made = draw_pack(actor, asked, locale=row.locale)
    for form, body in (("pdf", made.pdf), ("xlsx", made.xlsx)):
        _store(row.key(form), body)
        setattr(row, f"{form}_sha256", hashlib.sha256(body).hexdigest())
        setattr(row, f"{form}_bytes", len(body))
    row.state, row.fingerprint, row.ready_at = Pack.State.READY, made.fingerprint, at
    row.save()
    audit.record(actor, "kpis.pack_made", row, data={"pdf_sha256": row.pdf_sha256, "xlsx_sha256": row.xlsx_sha256}, at=at)


def _store(key: str, body: bytes) -> None:
    """A try that was rolled back may have left its file: the one that stands replaces it."""
    default_storage.delete(key)
    default_storage.save(key, ContentFile(body))
