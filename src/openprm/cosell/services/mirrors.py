"""Each side's own CRM record, what of it the others read, and who read it (L5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.cosell import policies
from openprm.cosell.models import Engagement, Mirror, MirrorRead, Record
from openprm.cosell.rules.words import RECORD_FIELDS, Audience
from openprm.cosell.services.unit import acting_party, as_system, clean, load, record
from openprm.cosell.wording import RECORD_FIELD
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, Problem, Stale, refuse_if

LONGEST = 500


def save_record(
    *,
    actor: Actor,
    engagement_id: UUID,
    system: str = "",
    values: Mapping[str, str],
    fields_out: Sequence[str],
    fields_in: Sequence[str] | None = None,
    version: int | None = None,
    at: datetime,
) -> int:
    """Keep one's own record of the deal. `fields_out` are mirrored to members with full view, `fields_in` are what one wants to read
    of theirs (None: everything). Gives the new version. Raises NotFound, NotAllowed, Stale, Invalid."""
    engagement = load(actor, engagement_id)
    refuse_if(policies.why_not_write(actor, engagement))
    party = acting_party(actor)
    kept = _checked(values)
    out, into = _fields(fields_out, "fields_out"), _fields(RECORD_FIELDS if fields_in is None else fields_in, "fields_in")
    system = clean(system, "system", 60, required=False)
    with as_system(actor):
        row = Record.objects.filter(engagement=engagement, party_id=party).locked().first() or Record(engagement=engagement, party_id=party, version=0)
        if version is not None and version != row.version:
            raise Stale()
        row.system, row.values, row.fields_out, row.fields_in, row.version = system, kept, out, into, row.version + 1
        row.save()
        _mirror(engagement, row, at)
        shared = [str(RECORD_FIELD[name]) for name in out if name in kept]
        record(actor, "cosell.record_saved", engagement, party=party, audience=Audience.FULL, subject=row, after={}, data={"shared": ", ".join(shared)}, at=at)
    return row.version


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    unknown = [name for name in values if name not in RECORD_FIELDS]
    if unknown:
        problems = [Problem(f"values.{name}", _("A record has no such field."), "unknown") for name in unknown[:10]]
        raise Invalid(_("A record has no such field. Known ones: %(names)s.") % {"names": ", ".join(RECORD_FIELDS)}, problems=problems)
    kept = {name: clean(str(value), f"values.{name}", LONGEST, required=False) for name, value in values.items()}
    link = kept.get("record_url", "")
    if link and not link.startswith(("https://", "http://")):
        raise Invalid(_("A record link begins with https://."), field="values.record_url")
    return {name: value for name, value in kept.items() if value}


def _fields(names: Sequence[str], field: str) -> list[str]:
    if any(name not in RECORD_FIELDS for name in names):
        raise Invalid(_("Choose fields of the record: %(names)s.") % {"names": ", ".join(RECORD_FIELDS)}, field=field)
    return [name for name in RECORD_FIELDS if name in set(names)]


def _mirror(engagement: Engagement, row: Record, at: datetime) -> None:
    """The mirror holds what is shared and nothing else, so that no query can give more."""
    shared = {name: row.values[name] for name in row.fields_out if name in row.values}
    stands = Mirror.objects.filter(engagement=engagement, party_id=row.party_id).first()
    if stands and stands.values == shared and stands.system == row.system:
        return
    Mirror.objects.update_or_create(
        engagement=engagement, party_id=row.party_id, defaults={"system": row.system if shared else "", "values": shared, "changed_at": at}
    )


def log_reads(*, actor: Actor, engagement_id: UUID, shown: Mapping[UUID, tuple[Sequence[str], datetime]], at: datetime) -> None:
    """Keep that this person read the mirrors of `shown` (side -> its fields and the moment of their last change)."""
    party = policies.party_of(actor)
    if not shown or party is None or actor.user_id is None or actor.viewing_as:
        return
    rows: list[Any] = [
        MirrorRead(
            engagement_id=engagement_id,
            party_id=side,
            reader_party_id=party,
            reader_id=actor.user_id,
            reader_name=actor.name[:120],
            fields=list(names),
            mirror_changed_at=changed_at,
            at=at,
        )
        for side, (names, changed_at) in shown.items()
        if names
    ]
    with as_system(actor):
        MirrorRead.objects.bulk_create(rows, ignore_conflicts=True)
