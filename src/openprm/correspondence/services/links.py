"""Links that act once for one person without a sign-in: made for a mail, looked at, used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.correspondence import kinds, policies, queries
from openprm.correspondence.models import ActionLink
from openprm.correspondence.ports import About, ActionKind
from openprm.correspondence.services.common import actor_at, record
from openprm.identity import rules as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound, Refusal, refuse_if
from openprm.kernel.scope import scope, system_scope
from openprm.ui import format as fmt


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the page behind a link shows, with times as its person reads them.

    `state` is active, used, revoked, expired or closed; `reason` says why it is closed."""

    state: str
    label: Any
    title: str
    person: str
    until: str
    used: str
    about: About | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    said: str
    title: str
    url: str


def offer(*, kind: ActionKind, actor: Actor, subject_id: UUID, title: str, at: datetime) -> str:
    """Make a link for this person and give its address. Only the hash of its secret is kept. In the system's scope."""
    secret = identity.new_secret()
    ActionLink.objects.create(
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        action=kind.code,
        subject_id=subject_id,
        title=title[:200],
        hash=secret.digest,
        expires_at=at + kind.lasts,
    )
    return reverse("correspondence:act", args=[secret.raw])


def why_none(user_id: UUID) -> str | None:
    """Why this person gets, and uses, no links. In the system's scope."""
    ways, choice = queries.ways(), queries.choice_of(user_id)
    return policies.why_no_links(allowed=ways.links, past_second_factor=ways.links_past_second_factor, wanted=choice.links, user_id=user_id)


def look(*, token: str, at: datetime) -> Looked:
    """What would happen, asked anew with the person's rights of this moment. Changes nothing. Raises NotFound for an unknown link."""
    with system_scope():
        row = _row(token)
        kind = kinds.find_action(row.action)
        label = kind.label if kind else row.title
        viewer = fmt.Viewer(at=at, locale=row.user.locale, time_zone=row.user.time_zone)
        used = fmt.exact(row.used_at, viewer) if row.used_at else ""
        seen = {"label": label, "title": row.title, "until": fmt.exact(row.expires_at, viewer), "used": used}
        if (state := row.state(at)) != "active":
            return Looked(state=state, person="", **seen)
        try:
            kind, actor = _ready(row)
            with scope(actor):
                about = kind.describe(actor=actor, subject_id=row.subject_id, at=at)
        except Refusal as refusal:
            return Looked(state="closed", person="", reason=refusal.message, **seen)
        return Looked(state="active", person=actor.name, about=about, **seen)


def act(*, token: str, at: datetime) -> Acted:
    """Do it as the person, once. Raises NotFound, and whatever the action's own service refuses; then the link is not used up."""
    with system_scope():
        row = _row(token, locked=True)
        if row.state(at) != "active":
            raise Spent(row.state(at))
        kind, actor = _ready(row)
        with transaction.atomic(), scope(actor):
            about = kind.describe(actor=actor, subject_id=row.subject_id, at=at)
            said = kind.run(actor=actor, subject_id=row.subject_id, at=at)
            record(actor, "mail.acted", row, at, refs=(row.subject_id,), note=str(kind.label))
        row.used_at = at
        row.save(update_fields=["used_at", "updated_at"])
        _end_twins(row, at)
        return Acted(said=said, title=about.title, url=about.url)


class Spent(Refusal):
    """The link was used, revoked or has expired."""

    status = 410

    def __init__(self, state: str):
        self.state = state
        super().__init__(_("This link does not act any more."))


def _row(token: str, *, locked: bool = False) -> ActionLink:
    rows = ActionLink.objects.locked() if locked else ActionLink.objects.all()
    row = rows.filter(hash=identity.digest(token)).first() if len(token) < 100 else None
    if row is None:
        raise NotFound(_("This link is not complete or was never made here. Open it again from the mail."))
    return row


def _ready(row: ActionLink) -> tuple[ActionKind, Actor]:
    """The action and its person, allowed at this moment. Raises a Refusal."""
    kind = kinds.find_action(row.action)
    if kind is None:
        raise NotFound()
    refuse_if(why_none(row.user_id))
    return kind, actor_at(row.user_id, row.organization_id)


def _end_twins(row: ActionLink, at: datetime) -> None:
    """A second mail about the same thing brought a second link; it goes with the first."""
    twins = ActionLink.objects.filter(user=row.user_id, action=row.action, subject_id=row.subject_id, used_at=None, revoked_at=None)
    twins.exclude(pk=row.pk).update(revoked_at=at)
