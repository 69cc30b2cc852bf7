"""Who is told what about a case, in words, on both sides. Called by jobs, in the system's scope.

A partner's mail says what happened and never what our people wrote about it; a mail to one side never names the other.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.conflicts.queries import told
from openprm.conflicts.rules.lifecycle import AppealResult, Ending, Origin, Side
from openprm.conflicts.wording import APPEAL_RESULT, FINDING, REMEDY, TYPE_SHORT, label_of
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=f"conflicts.{code}", label=label, group=gettext_lazy("Conflicts"), **look)


KINDS = (
    _kind("opened", gettext_lazy("a conflict case is opened"), icon="scale", tone="warn"),
    _kind("asked", gettext_lazy("I am asked for my side of a case"), icon="message-square", tone="warn"),
    _kind("touched", gettext_lazy("the sentinel sees one more direct contact"), icon="circle-alert", tone="warn", mail="daily"),
    _kind("revealed", gettext_lazy("the statements of both sides are open"), icon="eye", tone="info"),
    _kind("taken_up", gettext_lazy("a case gets its reviewer"), icon="user-check", tone="info"),
    _kind("decided", gettext_lazy("a case is decided"), icon="scale", tone="info"),
    _kind("appealed", gettext_lazy("a decision is appealed"), icon="rotate-cw", tone="warn"),
    _kind("closed", gettext_lazy("a case is closed"), icon="circle-check"),
    _kind("remedied", gettext_lazy("we were late in a case and make up for it"), icon="timer", tone="warn"),
)


def _tell(
    kind: str, people: Iterable[UUID], found: told.Told, title: str, body: str, *, portal: bool, actor_id: UUID | None, at: datetime, urgent: bool = False
) -> None:  # fmt: skip
    """Tell everybody but the person who did it. The case stands first in `refs`, so that answering the mail writes on it."""
    url = reverse("conflicts:portal_case" if portal else "conflicts:case", args=[found.case_id])
    to = sorted({one for one in people if one and one != actor_id}, key=str)
    key = f"{kind}:{found.case_id}:{'p' if portal else 'v'}:{at.isoformat()}"
    inbox.notify(to=to, kind=f"conflicts.{kind}", title=title, body=body, url=url, refs=(found.case_id,), key=key, urgent=urgent, at=at)


def opened(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, type: str, origin: str, rep_id: UUID | None,
    at: datetime,
) -> None:  # fmt: skip
    """The partner hears what happened; the person and the manager are asked to explain; those who judge hear of it; the other partner is asked."""
    found, words = told.told(case_id), {"number": number, "kind": label_of(TYPE_SHORT, type).lower()}
    if origin == Origin.SENTINEL:
        title = _("We contacted a customer that you protect: %(number)s") % words
        body = _("%(touch)s on %(day)s at %(about)s. The system opened a case by itself and asked our people to explain it. You can tell your side.")
        body = body % {"touch": found.touch.capitalize(), "day": date_format(found.touched_at or at, "j M Y"), "about": found.about}
        _tell("opened", found.claimants, found, title, body, portal=True, actor_id=actor_id, at=at)
    elif origin == Origin.VENDOR:
        body = _("We opened it ourselves. You have until %(day)s to tell your side.") % {"day": date_format(found.statements_due_at, "j M Y")}
        _tell("asked", found.claimants, found, _("A case about your deal: %(number)s") % words, body, portal=True, actor_id=actor_id, at=at)
    if other_partner_id:
        body = _("Another side claims what you have registered. You have until %(day)s to tell your side; then both sides read each other.")
        body = body % {"day": date_format(found.statements_due_at, "j M Y")}
        _tell("asked", found.respondents, found, _("A case about one of your customers: %(number)s") % words, body, portal=True, actor_id=actor_id, at=at)
    else:
        body = _("Explain it by %(day)s. The partner reads your statement when both sides have spoken.") % {"day": date_format(found.explain_by or at, "j M Y")}
        title = _("Explain your side in %(number)s (%(kind)s)") % words
        _tell("asked", found.explainers, found, title, body, portal=False, actor_id=actor_id, at=at, urgent=True)
    title = _("New case %(number)s: %(kind)s") % words
    _tell("opened", found.judges, found, title, found.partner, portal=False, actor_id=actor_id, at=at)


def touched_again(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, rep_id: UUID, at: datetime
) -> None:  # fmt: skip
    found, title = told.told(case_id), _("One more direct contact in %(number)s") % {"number": number}
    _tell("touched", found.claimants, found, title, _("It was added to the facts of the case."), portal=True, actor_id=actor_id, at=at)
    _tell("touched", {*found.explainers, found.reviewer_id}, found, title, found.partner, portal=False, actor_id=actor_id, at=at)


def statement_given(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, side: str, at: datetime
) -> None:  # fmt: skip
    """Only the reviewer hears of a sealed statement; of a later one the other side hears too."""
    found, title = told.told(case_id), _("A statement in %(number)s") % {"number": number}
    _tell("asked", [found.reviewer_id] if found.reviewer_id else found.judges, found, title, "", portal=False, actor_id=actor_id, at=at)
    if found.is_revealed:
        others = found.respondents if side == Side.CLAIMANT else found.claimants
        _tell("asked", others, found, title, _("The other side wrote something new."), portal=True, actor_id=actor_id, at=at)


def revealed(*, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, at: datetime) -> None:
    found, title = told.told(case_id), _("You can read both sides of %(number)s now") % {"number": number}
    body = _("Answer what is new to you, once, before the decision.")
    _tell("revealed", {*found.claimants, *found.respondents}, found, title, body, portal=True, actor_id=None, at=at)
    _tell("revealed", {*found.explainers, found.reviewer_id}, found, title, found.partner, portal=False, actor_id=None, at=at)


def taken_up(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, reviewer_id: UUID, at: datetime
) -> None:  # fmt: skip
    found = told.told(case_id)
    title = _("%(number)s has a reviewer") % {"number": number}
    body = _("Somebody without ties to the case looks at it.")
    _tell("taken_up", {*found.claimants, *found.respondents}, found, title, body, portal=True, actor_id=actor_id, at=at)
    _tell("taken_up", [reviewer_id], found, _("You review %(number)s") % {"number": number}, found.partner, portal=False, actor_id=actor_id, at=at)


def decided(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, finding: str, is_final: bool, at: datetime
) -> None:  # fmt: skip
    found, words = told.told(case_id), {"number": number, "finding": label_of(FINDING, finding)}
    title = _("%(number)s is decided: %(finding)s") % words
    body = _("The reasons, the clause and what would have changed it stand on the case.")
    if found.appeal_until:
        body += " " + _("You can appeal to a second reviewer until %(day)s.") % {"day": date_format(found.appeal_until, "j M Y")}
    _tell("decided", {*found.claimants, *found.respondents}, found, title, body, portal=True, actor_id=actor_id, at=at, urgent=True)
    _tell("decided", {*found.explainers, *found.managers}, found, title, found.partner, portal=False, actor_id=actor_id, at=at)


def appealed(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, appellant_id: UUID, at: datetime
) -> None:  # fmt: skip
    found, title = told.told(case_id), _("%(number)s is appealed") % {"number": number}
    others = found.respondents if appellant_id == partner_id else found.claimants
    body = _("A second reviewer, never the first, looks at it anew.")
    _tell("appealed", others, found, title, body, portal=True, actor_id=actor_id, at=at)
    judges = [found.appeal_reviewer_id] if found.appeal_reviewer_id else found.judges
    _tell("appealed", judges, found, title, found.partner, portal=False, actor_id=actor_id, at=at, urgent=True)


def appeal_answered(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, result: str, finding: str, at: datetime
) -> None:  # fmt: skip
    found, words = told.told(case_id), {"number": number, "result": label_of(APPEAL_RESULT, result)}
    title = _("The appeal in %(number)s is answered: %(result)s") % words
    body = _("Somebody who did not decide before reviews it.") if result == AppealResult.REMANDED else _("Both decisions with their reasons stand on the case.")
    _tell("decided", {*found.claimants, *found.respondents}, found, title, body, portal=True, actor_id=actor_id, at=at, urgent=True)
    people = {*found.explainers, *found.managers, found.first_reviewer_id, *(found.judges if result == AppealResult.REMANDED else ())}
    _tell("decided", people, found, title, found.partner, portal=False, actor_id=actor_id, at=at)


def closed(*, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, ending: str, at: datetime) -> None:
    """A decision tells itself; a false alarm and a withdrawal are told here."""
    if ending == Ending.DECIDED:
        return
    found, words = told.told(case_id), {"number": number}
    title = (_("%(number)s was a false alarm") if ending == Ending.FALSE_ALARM else _("%(number)s was withdrawn")) % words
    body = found.ended_reason if ending == Ending.FALSE_ALARM else ""
    _tell("closed", {*found.claimants, *found.respondents}, found, title, body, portal=True, actor_id=actor_id, at=at)
    _tell("closed", {*found.explainers, found.reviewer_id}, found, title, found.partner, portal=False, actor_id=actor_id, at=at)


def remedied(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, remedy: str, days: int, at: datetime
) -> None:  # fmt: skip
    found, words = told.told(case_id), {"number": number, "remedy": label_of(REMEDY, remedy).lower(), "days": days}
    title = _("We are late in %(number)s") % words
    body = _("By the published table you get: %(remedy)s, %(days)d days.") % words if days else _("By the published table you get: %(remedy)s.") % words
    _tell("remedied", found.claimants, found, title, body, portal=True, actor_id=None, at=at)
    _tell("remedied", {*found.judges, *found.managers}, found, title, body, portal=False, actor_id=None, at=at)
