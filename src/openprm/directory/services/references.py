"""Customer references: written by the partner, agreed to by the customer, published by the vendor."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.directory import policies
from openprm.directory.events import ReferenceDecided, ReferenceSubmitted
from openprm.directory.models import Reference
from openprm.directory.services import checks
from openprm.directory.services.listing import project
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.promises import services as promises

REVIEW = "directory.reference"
MOST_REFERENCES = 100


class ReferenceIsElsewhere(Conflict):
    """The reference is not where this can be done."""


@transaction.atomic
def save_reference(
    *, actor: Actor, partner_id: UUID, values: Mapping[str, Any], at: datetime, reference_id: UUID | None = None, version: int | None = None
) -> UUID:
    """Write a reference; a published one goes off the public pages until the vendor has seen the change.

    Raises NotFound, NotAllowed, Invalid, Stale.
    """
    refuse_if(policies.why_not_edit(actor))
    if actor.partner_id != partner_id:
        raise NotFound()
    reference = policies.reach_references(actor).locked().one(reference_id) if reference_id else _new(partner_id)
    if version is not None and version != reference.version:
        raise Stale()
    before = None if reference_id is None else reference.snapshot()
    given = values if reference_id else {name: values.get(name, "") for name in checks.reference(at.date())}
    clean = checks.collect(given, checks.reference(at.date()))
    was_public = reference.state == Reference.State.PUBLISHED
    if reference_id and all(getattr(reference, name) == value for name, value in clean.items()):
        return reference.pk
    for name, value in clean.items():
        setattr(reference, name, value)
    if was_public:
        reference.state = Reference.State.DRAFT
    reference.version += 1 if reference_id else 0
    reference.save()
    _record(actor, "reference.saved", reference, before, at)
    if was_public:
        project(partner_id=partner_id, at=at)
    return reference.pk


@transaction.atomic
def submit_reference(*, actor: Actor, reference_id: UUID, at: datetime) -> None:
    """Send a reference to the vendor; the customer's consent must be recorded. Raises NotFound, NotAllowed, Invalid, ReferenceIsElsewhere."""
    reference = _own(actor, reference_id)
    if reference.state not in (Reference.State.DRAFT, Reference.State.RETURNED, Reference.State.WITHDRAWN):
        raise ReferenceIsElsewhere(_("This reference is with the vendor already."))
    _refuse_without_consent(reference)
    before = reference.snapshot()
    reference.state, reference.submitted_at, reference.reason = Reference.State.SUBMITTED, at, ""
    _save(reference)
    _record(actor, "reference.submitted", reference, before, at)
    with system_scope():
        promises.start(actor=SYSTEM, code=REVIEW, subject=reference, partner_id=reference.partner_id, refs=(reference.pk, reference.partner_id), at=at)
    publish(ReferenceSubmitted(partner_id=reference.partner_id, reference_id=reference.pk, at=at))


@transaction.atomic
def withdraw_reference(*, actor: Actor, reference_id: UUID, at: datetime) -> None:
    """Take one's own reference back, for example because the customer changed its mind; it goes off at once. Raises NotFound, NotAllowed."""
    reference = _own(actor, reference_id)
    if reference.state == Reference.State.WITHDRAWN:
        return
    before = reference.snapshot()
    reference.state = Reference.State.WITHDRAWN
    _save(reference)
    _record(actor, "reference.withdrawn", reference, before, at)
    with system_scope():
        promises.cancel(subject_id=reference.pk, code=REVIEW, at=at)
    project(partner_id=reference.partner_id, at=at)


@transaction.atomic
def decide_reference(*, actor: Actor, reference_id: UUID, is_published: bool, reason: str = "", at: datetime, version: int | None = None) -> None:
    """Publish a reference, or give it back with a reason; a published one can be given back too.

    Raises NotFound, NotAllowed, Invalid, ReferenceIsElsewhere, Stale.
    """
    reference = policies.reach_references(actor).locked().one(reference_id)
    refuse_if(policies.why_not_review(actor))
    if version is not None and version != reference.version:
        raise Stale()
    allowed = (Reference.State.SUBMITTED,) if is_published else (Reference.State.SUBMITTED, Reference.State.PUBLISHED)
    if reference.state not in allowed:
        raise ReferenceIsElsewhere(_("This reference is “%(state)s” now. Reload the page.") % {"state": reference.get_state_display()})
    said = "" if is_published else _said(reason)
    before = reference.snapshot()
    reference.state = Reference.State.PUBLISHED if is_published else Reference.State.RETURNED
    reference.reason, reference.decided_at = said, at
    _save(reference)
    _record(actor, "reference.published" if is_published else "reference.returned", reference, before, at, note=said)
    promises.keep(subject_id=reference.pk, code=REVIEW, at=at)
    project(partner_id=reference.partner_id, at=at)
    publish(ReferenceDecided(partner_id=reference.partner_id, reference_id=reference.pk, published=is_published, reason=said, at=at))


def _new(partner_id: UUID) -> Reference:
    if Reference.objects.filter(partner=partner_id).count() >= MOST_REFERENCES:
        raise ReferenceIsElsewhere(_("You have %(most)d references. Change one instead of adding another.") % {"most": MOST_REFERENCES})
    return Reference(partner_id=partner_id)


def _own(actor: Actor, reference_id: UUID) -> Reference:
    reference = policies.reach_references(actor).locked().one(reference_id)
    refuse_if(policies.why_not_edit(actor))
    return reference


def _refuse_without_consent(reference: Reference) -> None:
    problems = []
    if not reference.consent_by:
        problems.append(Problem("consent_by", _("Name the person at the customer who agreed to be named in public.")))
    if reference.consent_date is None:
        problems.append(Problem("consent_date", _("Say on which day the customer agreed.")))
    if problems:
        raise Invalid(problems=problems)


def _save(reference: Reference) -> None:
    reference.version += 1
    reference.save()


def _record(actor: Actor, verb: str, reference: Reference, before: dict | None, at: datetime, note: str = "") -> None:
    after = None if before else {}
    audit.record(
        actor,
        verb,
        reference,
        before=before,
        after=after,
        refs=(reference.partner_id,),
        visible_to=(reference.partner_id,),
        data={"customer": reference.customer},
        note=note,
        at=at,
    )


def _said(reason: str) -> str:
    clean = checks.collect({"reason": reason}, {"reason": checks.text(1000)})["reason"]
    if not clean:
        raise Invalid(_("Say what should change. The partner reads it."), field="reason")
    return clean
