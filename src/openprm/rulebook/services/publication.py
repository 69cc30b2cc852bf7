"""Announcing a version, taking an announced one back, and the tables to begin with."""

from datetime import datetime
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish as announce

from .. import policies
from ..events import RuleVersionPublished, RuleVersionWithdrawn
from ..models import NO_OVERLAP, RuleSet, RuleVersion
from ..ports import RuleKind
from ..queries.kinds import all_kinds, get_kind
from ..queries.reading import PUBLISHED, base_of, earliest_effective
from ..rules.jdm import fingerprint, from_jdm
from .drafts import checked_content
from .replays import WhatIfMissing, why_not_publish_unseen

State = RuleVersion.State


class NoticeTooShort(Invalid):
    """The effective date lies before the end of the notice period."""


class VersionsOverlap(Conflict):
    """Another version of the set is announced for that time."""


class NothingChanged(Conflict):
    """The draft says what the version before it says."""


def publish(*, actor: Actor, draft_id: UUID, effective_at: datetime | None = None, note: str = "", at: datetime) -> UUID:
    """Announce a draft. It takes effect at `effective_at`, by default at the end of the kind's notice period.

    What is under way before that moment stays under the rules before. Raises NotFound, NotAllowed, NoticeTooShort,
    VersionsOverlap, NothingChanged, TableHasProblems, WhatIfMissing.
    """
    draft = policies.reach(actor).locked().one(draft_id)
    refuse_if(policies.why_not_publish(actor, draft))
    kind = get_kind(draft.rule_set.kind)
    before, effective_at = base_of(draft.rule_set, at), effective_at or earliest_effective(kind, at, draft.rule_set.program_id)
    _check(draft, before, kind, effective_at, at)
    with refused_by(NO_OVERLAP, VersionsOverlap(_("Another version was announced for that time just now. Look at it first."))):
        _close(draft.rule_set_id, effective_at)
        _number(draft, actor, kind, effective_at, note, at)
    PUBLISHED.forget()
    audit.record(actor, "rulebook.published", draft, before={}, refs=(draft.rule_set_id,), at=at)
    announce(RuleVersionPublished(draft.pk, kind.code, draft.rule_set.program_id, draft.number, effective_at, kind.for_partners, at))
    return draft.pk


def withdraw(*, actor: Actor, version_id: UUID, at: datetime) -> None:
    """Take back an announced version before it takes effect. The version before it goes on.

    Raises NotFound, NotAllowed (it is in force, or the role may not).
    """
    version = policies.reach(actor).locked().one(version_id)
    refuse_if(policies.why_not_withdraw(actor, version, at))
    before = version.snapshot()
    version.state = State.WITHDRAWN
    version.save()
    _reopen(version)
    PUBLISHED.forget()
    audit.record(actor, "rulebook.withdrawn", version, before=before, refs=(version.rule_set_id,), at=at)
    program_id, effective_at = version.rule_set.program_id, version.effective_at
    announce(RuleVersionWithdrawn(version.pk, version.rule_set.kind, program_id, version.number, effective_at, version.for_partners, at))


def ensure_defaults(*, at: datetime) -> None:
    """Publish each kind's own table, in force since ever, where there is none yet. Safe to run again. In the system's scope."""
    present = set(RuleVersion.objects.filter(rule_set__program_id=None).exclude(state=State.DRAFT).values_list("rule_set__kind", flat=True))
    for kind in all_kinds():
        if kind.code not in present:
            _publish_default(kind, at)
    PUBLISHED.forget()


def _check(draft: RuleVersion, before: RuleVersion | None, kind: RuleKind, effective_at: datetime, at: datetime) -> None:
    program_id = draft.rule_set.program_id
    refuse_if(kind.why_not_publish(program_id, at) if kind.why_not_publish else None)
    if effective_at < earliest_effective(kind, at, program_id):
        raise NoticeTooShort(
            _("Partners are told %(days)s days ahead, so the earliest moment is %(earliest)s.")
            % {"days": kind.notice_days, "earliest": earliest_effective(kind, at, program_id).strftime("%Y-%m-%d %H:%M %Z")},
            field="effective_at",
        )
    last = RuleVersion.objects.filter(rule_set=draft.rule_set_id, state=State.PUBLISHED).order_by("-number").first()
    if last and last.effective_at and effective_at <= last.effective_at:
        raise VersionsOverlap(
            _("Version %(number)s is announced for %(day)s. Choose a later date, or withdraw it first.")
            % {"number": last.number, "day": last.effective_at.date()},
            field="effective_at",
        )
    if before and before.sha256 == draft.sha256 and before.rule_set_id == draft.rule_set_id:
        raise NothingChanged(_("This draft says the same as version %(number)s. Change a row first.") % {"number": before.number})
    checked_content(from_jdm(draft.content, kind), kind)
    if unseen := why_not_publish_unseen(draft, before):
        raise WhatIfMissing(unseen)


def _close(rule_set_id: UUID, effective_at: datetime) -> None:
    """The version before ends where this one begins."""
    for version in RuleVersion.objects.filter(rule_set=rule_set_id, state=State.PUBLISHED, period__contains=effective_at).locked():
        version.period = DateTimeTZRange(version.effective_at, effective_at, "[)")
        version.save(update_fields=["period", "updated_at"])


def _reopen(withdrawn: RuleVersion) -> None:
    """The version that had been closed for the withdrawn one goes on to where that one would have ended."""
    rows = RuleVersion.objects.filter(rule_set=withdrawn.rule_set_id, state=State.PUBLISHED, period__endswith=withdrawn.effective_at)
    for version in rows.locked():
        version.period = DateTimeTZRange(version.effective_at, withdrawn.ends_at, "[)")
        version.save(update_fields=["period", "updated_at"])


def _number(draft: RuleVersion, actor: Actor, kind: RuleKind, effective_at: datetime | None, note: str, at: datetime) -> None:
    newest = RuleVersion.objects.filter(rule_set=draft.rule_set_id).aggregate(newest=Max("number"))["newest"] or 0
    draft.number, draft.state = newest + 1, State.PUBLISHED
    draft.period = DateTimeTZRange(effective_at, None, "[)")
    draft.published_by, draft.published_by_name, draft.published_at = actor.user_id, actor.name, at
    draft.note, draft.notice_days, draft.for_partners = note.strip(), kind.notice_days, kind.for_partners
    draft.save()


def _publish_default(kind: RuleKind, at: datetime) -> None:
    rule_set, _created = RuleSet.objects.get_or_create(kind=kind.code, program_id=None)
    content = checked_content(kind.default_table, kind)
    version = RuleVersion(rule_set=rule_set, content=content, sha256=fingerprint(content))
    _number(version, SYSTEM, kind, None, "", at)
    audit.record(SYSTEM, "rulebook.published", version, before={}, refs=(rule_set.pk,), at=at)
