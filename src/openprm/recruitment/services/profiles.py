"""The ideal partner profile: written as a draft, published as a version that never changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale, refuse_if
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.recruitment import policies
from openprm.recruitment.events import IdealProfilePublished
from openprm.recruitment.models import IdealProfile
from openprm.recruitment.rules.scoring import MOST_CRITERIA, Criterion, Flaw, read
from openprm.recruitment.services import checks
from openprm.recruitment.wording import FLAW

FIELD_OF = {Flaw.UNKNOWN_FACT: "fact", Flaw.WRONG_OPERATOR: "operator", Flaw.WRONG_WEIGHT: "weight"}


class NothingToPublish(Conflict):
    """The draft is empty or says what is in force already."""


def read_criteria(lines: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """The criteria of a profile. Raises one Invalid with every problem, each naming its line."""
    if len(lines) > MOST_CRITERIA:
        raise Invalid(_("A profile has at most %(count)d criteria. Put some together.") % {"count": MOST_CRITERIA}, field="criteria")
    found = [read(line.get("fact"), line.get("operator"), line.get("value"), line.get("weight")) for line in lines]
    problems = [
        Problem(f"criteria[{number}].{FIELD_OF.get(one, 'value')}", str(FLAW[one]), str(one)) for number, one in enumerate(found) if isinstance(one, Flaw)
    ]
    if problems:
        raise Invalid(problems=problems)
    return tuple(one for one in found if isinstance(one, Criterion))


@transaction.atomic
def save_draft(*, actor: Actor, program_id: UUID, criteria: Sequence[Mapping[str, Any]], at: datetime, note: str = "", version: int | None = None) -> UUID:
    """Keep the draft of a program's next profile. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_configure(actor))
    program = partners.program(actor, program_id)
    kept, note = [as_line(one) for one in read_criteria(criteria)], checks.line("note", note, longest=300)
    draft = _draft(actor, program.id)
    if version is not None and draft is not None and version != draft.version:
        raise Stale()
    before = draft.snapshot() if draft else None
    draft = draft or IdealProfile(program_id=program.id, number=_next_number(program.id), version=0)
    draft.criteria, draft.note, draft.version = kept, note, draft.version + 1
    draft.save()
    if before is None or before != draft.snapshot():
        audit.record(actor, "profile.drafted", draft, before=before, refs=(program.id,), at=at)
    return draft.pk


@transaction.atomic
def publish_profile(*, actor: Actor, program_id: UUID, at: datetime, version: int | None = None) -> UUID:
    """Put the draft in force; the scores of all companies follow. Raises NotFound, NotAllowed, NothingToPublish, Stale."""
    refuse_if(policies.why_not_configure(actor))
    draft = _draft(actor, program_id)
    if draft is None:
        raise NotFound(_("There is no draft of this profile. Change something first."))
    if version is not None and version != draft.version:
        raise Stale()
    if not draft.criteria:
        raise NothingToPublish(_("A profile needs at least one criterion. Add one, then publish."))
    current = policies.reach_profiles(actor).filter(program=program_id, state=IdealProfile.State.PUBLISHED).locked().first()
    if current and current.criteria == draft.criteria:
        raise NothingToPublish(_("The draft says what is in force already. Change something, or discard it."))
    if current:
        current.state = IdealProfile.State.RETIRED
        current.save(update_fields=["state", "updated_at"])
    before = draft.snapshot()
    draft.state, draft.published_at, draft.published_by_id = IdealProfile.State.PUBLISHED, at, actor.user_id
    draft.save()
    audit.record(actor, "profile.published", draft, before=before, refs=(program_id,), at=at)
    publish(IdealProfilePublished(profile_id=draft.pk, program_id=program_id, at=at))
    return draft.pk


@transaction.atomic
def discard_draft(*, actor: Actor, program_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_configure(actor))
    draft = _draft(actor, program_id)
    if draft is None:
        raise NotFound(_("There is no draft of this profile."))
    audit.record(actor, "profile.discarded", draft, after={}, refs=(program_id,), at=at)
    draft.delete()


def _draft(actor: Actor, program_id: UUID) -> IdealProfile | None:
    return policies.reach_profiles(actor).filter(program=program_id, state=IdealProfile.State.DRAFT).locked().first()


def _next_number(program_id: UUID) -> int:
    return (IdealProfile.objects.filter(program=program_id).aggregate(last=Max("number"))["last"] or 0) + 1


def as_line(criterion: Criterion) -> dict[str, Any]:
    """A criterion as the database keeps it."""
    value = list(criterion.value) if isinstance(criterion.value, tuple) else criterion.value
    return {"fact": criterion.fact, "operator": str(criterion.operator), "value": value, "weight": criterion.weight}
