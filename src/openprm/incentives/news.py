"""Who is told what about plans. Called by jobs, in the system's scope."""

from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.incentives import queries
from openprm.rulebook.rules.language import date_words

GROUP = gettext_lazy("Pay")
KINDS = (
    NotificationKind(
        code="incentives.announced", label=gettext_lazy("a plan begins or changes"), group=GROUP, icon="scroll-text", tone="info", side="partner", mail="now"
    ),
    NotificationKind(code="incentives.ended", label=gettext_lazy("a plan ends"), group=GROUP, icon="scroll-text", tone="warn", side="partner", mail="daily"),
)


def plan_published(*, plan_id: UUID, version_id: UUID, number: int, starts_on: date, at: datetime) -> None:
    """Everybody of the partners whom the plan is for. Telling twice changes nothing."""
    name, people = queries.plan_audience(plan_id, at)
    title = _("%(plan)s: in force from %(day)s") if number == 1 else _("%(plan)s changes on %(day)s")
    _tell(
        "incentives.announced",
        people,
        title % {"plan": name, "day": date_words(starts_on)},
        _("Read the terms, and try a deal in the calculator."),
        version_id,
        at,
    )


def plan_withdrawn(*, plan_id: UUID, version_id: UUID, at: datetime) -> None:
    """Those who were told of a change hear that it was taken back."""
    name, people = queries.plan_audience(plan_id, at)
    title = _("The announced change of %(plan)s was taken back") % {"plan": name}
    key = f"incentives.withdrawn:{version_id}"
    inbox.notify(
        to=people, kind="incentives.announced", title=title, body=_("The terms in force today go on."), url=reverse("incentives:portal_earn"),
        refs=(version_id,), key=key, at=at,
    )  # fmt: skip


def plan_ended(*, plan_id: UUID, ended_on: date, at: datetime) -> None:
    name, people = queries.plan_audience(plan_id, at)
    title = _("%(plan)s ends on %(day)s") % {"plan": name, "day": date_words(ended_on)}
    _tell("incentives.ended", people, title, _("What you earned before stays earned."), plan_id, at)


def _tell(kind: str, people: set[UUID], title: str, body: str, about: UUID, at: datetime) -> None:
    inbox.notify(to=people, kind=kind, title=title, body=body, url=reverse("incentives:portal_earn"), refs=(about,), key=f"{kind}:{about}", at=at)
