"""The vendor decides what the public sees of a profile."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.directory import policies
from openprm.directory.events import ProfilePublished, ProfileReturned
from openprm.directory.models import Profile
from openprm.directory.rules.profile import FIELDS, can_move
from openprm.directory.services import checks
from openprm.directory.services.content import content_of, settings
from openprm.directory.services.listing import project
from openprm.directory.services.profiles import REVIEW
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if
from openprm.kernel.events import publish
from openprm.promises import services as promises

LONGEST_REASON = 1000


class AlreadyDecided(Conflict):
    """The profile is not where this decision can be taken."""


@transaction.atomic
def approve_profile(*, actor: Actor, profile_id: UUID, at: datetime, version: int | None = None) -> None:
    """Show the profile as it stands now. Raises NotFound, NotAllowed, AlreadyDecided, Stale."""
    profile = _loaded(actor, profile_id, "approved", version)
    before, is_first = profile.snapshot(), profile.published_at is None
    profile.approved = content_of(profile)
    profile.published_at = profile.published_at or at
    _decide(actor, profile, "approved", "", at)
    slug = project(partner_id=profile.partner_id, at=at)
    _record(actor, "profile.approved", profile, before, "", at)
    if slug:
        publish(ProfilePublished(partner_id=profile.partner_id, slug=slug, first=is_first, at=at))


@transaction.atomic
def return_profile(*, actor: Actor, profile_id: UUID, reason: str, at: datetime, version: int | None = None) -> None:
    """Ask for changes; what was approved before stays public. Raises NotFound, NotAllowed, Invalid, AlreadyDecided, Stale."""
    profile = _loaded(actor, profile_id, "returned", version)
    _turn_down(actor, profile, "returned", reason, at)


@transaction.atomic
def hide_profile(*, actor: Actor, profile_id: UUID, reason: str, at: datetime, version: int | None = None) -> None:
    """Take a profile off the public pages. Raises NotFound, NotAllowed, Invalid, AlreadyDecided, Stale."""
    profile = _loaded(actor, profile_id, "hidden", version)
    _turn_down(actor, profile, "hidden", reason, at)


def _turn_down(actor: Actor, profile: Profile, state: str, reason: str, at: datetime) -> None:
    said, before = _said(reason), profile.snapshot()
    _decide(actor, profile, state, said, at)
    project(partner_id=profile.partner_id, at=at)
    _record(actor, f"profile.{state}", profile, before, said, at)
    publish(ProfileReturned(partner_id=profile.partner_id, reason=said, hidden=state == "hidden", at=at))


@transaction.atomic
def update_settings(*, actor: Actor, reviewed: list[str], heading: str, lead: str, is_open: bool, at: datetime, version: int | None = None) -> None:
    """Choose the fields that are looked at before they are public, and the words above the directory. Raises NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_configure(actor))
    row = settings()
    if version is not None and version != row.version:
        raise Stale()
    clean = checks.collect({"heading": heading, "lead": lead}, {"heading": checks.line(120), "lead": checks.line(400)})
    if unknown := [name for name in reviewed if name not in FIELDS]:
        raise Invalid(_("A profile has no field “%(field)s”.") % {"field": unknown[0][:40]}, field="reviewed")
    before = row.snapshot()
    row.reviewed, row.is_open, row.heading, row.lead = [name for name in FIELDS if name in reviewed], is_open, clean["heading"], clean["lead"]
    if not row._state.adding:
        row.version += 1
    row.save()
    audit.record(actor, "directory.configured", row, before=before, at=at)


def ensure_settings(*, at: datetime) -> None:
    """The row that every installation has."""
    row = settings()
    if row._state.adding:
        row.save()


def _loaded(actor: Actor, profile_id: UUID, state: str, version: int | None) -> Profile:
    profile = policies.reach_profiles(actor).locked().one(profile_id)
    refuse_if(policies.why_not_review(actor))
    if version is not None and version != profile.version:
        raise Stale()
    if not can_move(profile.state, state):
        raise AlreadyDecided(_("This profile is “%(state)s” now, so this cannot be decided. Reload the page.") % {"state": profile.get_state_display()})
    return profile


def _decide(actor: Actor, profile: Profile, state: str, reason: str, at: datetime) -> None:
    profile.state, profile.reason, profile.decided_at, profile.decided_by_id = state, reason, at, actor.user_id
    profile.version += 1
    profile.save()
    promises.keep(subject_id=profile.pk, code=REVIEW, at=at)


def _record(actor: Actor, verb: str, profile: Profile, before: dict, note: str, at: datetime) -> None:
    audit.record(actor, verb, profile, before=before, refs=(profile.partner_id,), visible_to=(profile.partner_id,), note=note, at=at)


def _said(reason: str) -> str:
    clean = checks.collect({"reason": reason}, {"reason": checks.text(LONGEST_REASON)})["reason"]
    if not clean:
        raise Invalid(_("Say what should change. The partner reads it."), field="reason")
    return clean
