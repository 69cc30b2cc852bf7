"""Who is told what about prospects and referrals, on both sides. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy

from openprm.identity import queries as people
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.recruitment import queries


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Recruiting"), **look)


KINDS = (
    _kind("recruitment.assigned", gettext_lazy("a prospect becomes mine"), icon="user-plus", tone="info", side="vendor"),
    _kind("recruitment.step_due", gettext_lazy("the next step with a prospect is due"), icon="calendar-clock", side="vendor", mail="daily"),
    _kind("recruitment.converted", gettext_lazy("a prospect becomes a partner"), icon="handshake", tone="ok", side="vendor"),
    _kind("recruitment.introduced", gettext_lazy("a partner introduces a company"), icon="gift", tone="info", side="vendor"),
    _kind("recruitment.referral_joined", gettext_lazy("a company I introduced joins"), icon="gift", tone="ok", side="partner"),
    _kind("recruitment.referral_declined", gettext_lazy("a company I introduced is declined"), icon="gift", side="partner"),
    _kind("recruitment.referral_earning", gettext_lazy("a company I introduced earns its first commission"), icon="coins", tone="ok", side="partner"),
)


def assigned(prospect_id: UUID, owner_id: UUID, at: datetime) -> None:
    if told := queries.prospect_told(prospect_id):
        _send([owner_id], "recruitment.assigned", told[0], {"name": told[1]}, at)


def steps_due(at: datetime) -> None:
    for company_id, name, owner_id, step in queries.steps_due(at.date()):
        _send([owner_id], "recruitment.step_due", company_id, {"name": name, "step": step}, at, key=f"{company_id}:{at.date()}")


def converted(prospect_id: UUID, partner_id: UUID, at: datetime) -> None:
    told = queries.prospect_told(prospect_id)
    if told and told[2]:
        url = reverse("partners:partner", args=[partner_id])
        _tell([told[2]], "recruitment.converted", {"name": told[1]}, url, (partner_id,), at, key=str(prospect_id))


def introduced(referral_id: UUID, at: datetime) -> None:
    if told := queries.told_of(referral_id):
        recruiters = [person.id for person in people.holders_of("recruitment.manage")]
        values = {"partner": told[1], "name": told[2]}
        _tell(recruiters, "recruitment.introduced", values, reverse("recruitment:referrals"), (told[0],), at, key=str(referral_id))


def to_referrer(referral_id: UUID, kind: str, at: datetime) -> None:
    if told := queries.told_of(referral_id):
        team = [person.id for person in people.holders_of("recruitment.refer", told[0])]
        _tell(team, kind, {"name": told[2]}, reverse("recruitment:portal_referrals"), (told[0],), at, key=f"{kind}:{referral_id}")


def _send(to: Iterable[UUID], kind: str, company_id: UUID, values: dict[str, str], at: datetime, *, key: str = "") -> None:
    _tell(to, kind, values, reverse("recruitment:company", args=[company_id]), (company_id,), at, key=key)


def _tell(to: Iterable[UUID], kind: str, values: dict[str, str], url: str, refs: tuple[UUID, ...], at: datetime, *, key: str = "") -> None:
    title, body = _WORDS[kind]
    inbox.notify(
        to=to, kind=kind, title=str(title) % values, body=str(body) % values, url=url, refs=refs, key=f"{kind}:{key}" if key else "", at=at
    )  # fmt: skip


_WORDS = {
    "recruitment.assigned": (gettext_lazy("%(name)s is your prospect"), gettext_lazy("Somebody gave %(name)s to you to recruit.")),
    "recruitment.step_due": (gettext_lazy("Today: %(step)s"), gettext_lazy("The next step with %(name)s is due today.")),
    "recruitment.converted": (gettext_lazy("%(name)s is a partner"), gettext_lazy("Its history came along to the partner page.")),
    "recruitment.introduced": (gettext_lazy("%(partner)s introduces %(name)s"), gettext_lazy("Answer in the promised time: take it up, or say why not.")),
    "recruitment.referral_joined": (
        gettext_lazy("%(name)s joined"),
        gettext_lazy("Your reward time begins with its first commission. We tell you when it does."),
    ),
    "recruitment.referral_declined": (gettext_lazy("%(name)s will not join now"), gettext_lazy("The reason stands on your page of introductions.")),
    "recruitment.referral_earning": (gettext_lazy("%(name)s earned its first commission"), gettext_lazy("From today your reward counts.")),
}
