"""The things that a plan hangs on: registrations from below, others through the port."""

from uuid import UUID

from django.utils.translation import gettext as _

from openprm.actionplans.ports import Subject
from openprm.deals import queries as deals
from openprm.deals.queries import Filters
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.registry import registry

REGISTRATION = "registration"
OPEN_STATUSES = frozenset({"submitted", "under_review", "pending_approval", "returned", "approved"})


def subject(actor: Actor, kind: str, subject_id: UUID) -> Subject:
    """What a plan would be for, as this actor may know it. Raises NotFound, Invalid."""
    found = _registration(actor, subject_id) if kind == REGISTRATION else _other(actor, kind, subject_id)
    if found is None:
        raise NotFound()
    return found


def _registration(actor: Actor, registration_id: UUID) -> Subject | None:
    row = deals.listed(actor, Filters(ids=(registration_id,))).first()
    if row is None or row.status == "draft":
        return None
    return Subject(
        id=row.pk,
        number=row.number,
        title=row.title or row.customer_name,
        customer=row.customer_name,
        partner_ids=(row.partner_id,),
        close_date=row.expected_close_date,
        is_open=row.status in OPEN_STATUSES,
        account_id=row.account_id,
        program_id=row.program_id,
        owner_ids={"partner": row.submitter_id},
    )


def _other(actor: Actor, kind: str, subject_id: UUID) -> Subject | None:
    known = {one.code: one for one in registry.filling("actionplans.subjects")}
    if kind not in known:
        raise Invalid(_("A plan hangs on one of: %(kinds)s.") % {"kinds": ", ".join((REGISTRATION, *sorted(known)))}, field="subject_kind")
    return known[kind].find(actor, subject_id)


def close_dates(actor: Actor, registration_ids: list[UUID]) -> dict[UUID, object]:
    """The expected close dates of reachable registrations, in one query."""
    rows = deals.listed(actor, Filters(ids=tuple(registration_ids))) if registration_ids else ()
    return {row.pk: row.expected_close_date for row in rows}
