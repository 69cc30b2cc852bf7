"""A partner writes its profile, sends it to the vendor, and says whether the public may see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.directory import policies, words
from openprm.directory.events import ProfileSubmitted
from openprm.directory.models import Profile
from openprm.directory.queries.partnerfacts import partner_facts
from openprm.directory.rules.profile import changed, lacking, shown, slug_of, waiting
from openprm.directory.services import checks
from openprm.directory.services.content import content_of, replace_offices, settings, stored_logo
from openprm.directory.services.listing import project
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.promises import services as promises

REVIEW = "directory.review"


class NothingToReview(Conflict):
    """The profile is with the vendor already, or nothing in it needs a look."""


@transaction.atomic
def save_profile(
    *,
    actor: Actor,
    partner_id: UUID,
    changes: Mapping[str, Any],
    at: datetime,
    offices: list[Mapping[str, Any]] | None = None,
    logo: bytes | None = None,
    remove_logo: bool = False,
    version: int | None = None,
) -> tuple[str, ...]:
    """Change what is given; gives the fields that the public sees only after the vendor has looked at them.

    Raises NotFound, NotAllowed, Invalid, Stale.
    """
    profile = _own(actor, partner_id, at)
    if version is not None and version != profile.version:
        raise Stale()
    before, content_before = profile.snapshot(), content_of(profile)
    clean = checks.collect(changes, checks.PROFILE)
    if offices is not None:
        replace_offices(profile, checks.offices(offices))
    if logo is not None:
        clean["logo"] = stored_logo(partner_id, logo)
    elif remove_logo:
        clean["logo"] = ""
    if all(getattr(profile, name) == value for name, value in clean.items()) and content_before["offices"] == content_of(profile)["offices"]:
        return ()
    for name, value in clean.items():
        setattr(profile, name, value)
    profile.version += 1
    profile.save()
    data = {"offices": len(offices)} if offices is not None else None
    after = None if content_before["summary"] or content_before["services"] else {}
    audit.record(actor, "profile.saved", profile, before=before, after=after, refs=(partner_id,), visible_to=(partner_id,), data=data, at=at)
    return _settle(actor, profile, at)


def _settle(actor: Actor, profile: Profile, at: datetime) -> tuple[str, ...]:
    """What changed in an approved profile goes live at once, or waits when the vendor wants to see it first."""
    if profile.approved is None:
        return ()
    with system_scope():
        content, reviewed = content_of(profile), settings().reviewed
        held = waiting(content, profile.approved, reviewed)
        profile.approved = shown(content, profile.approved, reviewed)
        if profile.state != Profile.State.HIDDEN:
            was_waiting = profile.state == Profile.State.SUBMITTED
            profile.state = Profile.State.SUBMITTED if held else Profile.State.APPROVED
            if held and not was_waiting:
                _hand_over(profile, at)
            if not held:
                promises.cancel(subject_id=profile.pk, code=REVIEW, at=at)
        profile.save()
        project(partner_id=profile.partner_id, at=at)
    return held


@transaction.atomic
def submit_profile(*, actor: Actor, partner_id: UUID, at: datetime) -> None:
    """Ask for the profile to be public: at once when nothing needs a look, else by the vendor's decision.

    Raises NotFound, NotAllowed, Invalid, NothingToReview.
    """
    profile = _own(actor, partner_id, at)
    content = content_of(profile)
    if missing := lacking(content):
        problems = [Problem(name, _("%(field)s is empty. Nobody finds a partner without it.") % {"field": words.FIELDS[name]}) for name in missing]
        raise Invalid(problems=problems)
    if profile.state == Profile.State.HIDDEN:
        raise NothingToReview(_("The vendor took this profile off the directory: %(reason)s") % {"reason": profile.reason})
    is_settled = profile.approved is not None and not changed(content, profile.approved)
    if profile.state == Profile.State.SUBMITTED or (is_settled and profile.visibility == Profile.Visibility.PUBLIC):
        raise NothingToReview(_("There is nothing new to look at."))
    before = profile.snapshot()
    with system_scope():
        profile.visibility = Profile.Visibility.PUBLIC
        if is_settled:
            profile.state = Profile.State.APPROVED
        else:
            profile.state = Profile.State.SUBMITTED
            _hand_over(profile, at)
        profile.version += 1
        profile.save()
        project(partner_id=partner_id, at=at)
    audit.record(actor, "profile.submitted", profile, before=before, refs=(partner_id,), visible_to=(partner_id,), at=at)


@transaction.atomic
def make_private(*, actor: Actor, partner_id: UUID, at: datetime) -> None:
    """Take one's own profile off the public pages, at once. Raises NotFound, NotAllowed."""
    profile = _own(actor, partner_id, at)
    if profile.visibility == Profile.Visibility.PRIVATE:
        return
    before = profile.snapshot()
    with system_scope():
        profile.visibility = Profile.Visibility.PRIVATE
        if profile.state == Profile.State.SUBMITTED:
            profile.state = Profile.State.DRAFT
            promises.cancel(subject_id=profile.pk, code=REVIEW, at=at)
        profile.version += 1
        profile.save()
        project(partner_id=partner_id, at=at)
    audit.record(actor, "profile.made_private", profile, before=before, refs=(partner_id,), visible_to=(partner_id,), at=at)


def _own(actor: Actor, partner_id: UUID, at: datetime) -> Profile:
    """The locked profile; the first touch makes it. Raises NotFound for another partner's, NotAllowed."""
    partner = partner_facts(actor, partner_id)
    refuse_if(policies.why_not_edit(actor))
    if actor.partner_id != partner_id:
        raise NotFound()
    with system_scope():
        if not Profile.objects.filter(partner=partner_id).exists():
            base = slug_of(partner.name, ())
            taken = Profile.objects.filter(slug__startswith=base).values_list("slug", flat=True)
            Profile.objects.bulk_create(
                [Profile(partner_id=partner_id, slug=slug_of(partner.name, taken), website=_site(partner.domain))], ignore_conflicts=True
            )
    return policies.reach_profiles(actor).locked().get(partner=partner_id)


def _site(domain: str) -> str:
    return f"https://{domain}" if domain else ""


def _hand_over(profile: Profile, at: datetime) -> None:
    """The vendor has the ball: its clock starts, and its people hear of it."""
    profile.submitted_at, profile.reason = at, ""
    promises.start(actor=SYSTEM, code=REVIEW, subject=profile, partner_id=profile.partner_id, refs=(profile.pk, profile.partner_id), at=at)
    publish(ProfileSubmitted(partner_id=profile.partner_id, at=at))
