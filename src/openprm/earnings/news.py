"""Who is told what about money, in words, on both sides. Called by jobs, in the system's scope."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.earnings.queries import news as facts
from openprm.earnings.queries.news import ToldLine
from openprm.earnings.wording import ALERT
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.money import Money, format_money


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=_("Earnings"), **look)


KINDS = (
    _kind("earnings.accrued", _("my company or I have earned something"), icon="coins", tone="ok", side="partner", mail="daily"),
    _kind("earnings.approved", _("an earning is approved"), icon="circle-check", tone="ok", side="partner", mail="daily"),
    _kind("earnings.declined", _("an earning is declined"), icon="circle-x", tone="bad", side="partner"),
    _kind("earnings.held", _("an earning is put on hold"), icon="hourglass", tone="warn", side="partner"),
    _kind("earnings.clawed_back", _("money is taken back"), icon="undo-2", tone="bad", side="partner"),
    _kind("earnings.forfeiture_warned", _("money will be forfeited unless something is done"), icon="triangle-alert", tone="warn", side="partner"),
    _kind("earnings.forfeited", _("money was forfeited"), icon="circle-x", tone="bad", side="partner"),
    _kind("earnings.statement", _("a statement is ready"), icon="file-text", side="partner"),
    _kind("earnings.not_accrued", _("something cannot be calculated yet"), icon="circle-alert", tone="warn", side="vendor"),
    _kind("earnings.alert", _("a fraud rule speaks about an earning"), icon="shield-alert", tone="warn", side="vendor"),
    _kind("earnings.adjustment", _("somebody proposes an earning by hand, or mine is decided"), icon="pencil", tone="info", side="vendor"),
    _kind("earnings.bounty_sent", _("a partner sends the proof for a bounty"), icon="trophy", tone="info", side="vendor"),
    _kind("earnings.bounty_decided", _("what I sent for a bounty is decided"), icon="trophy", side="partner"),
)  # fmt: skip


def _say(to: Iterable[UUID], kind: str, title: Any, body: Any, url: str, key: str, refs: Iterable[UUID], at: datetime, *, urgent: bool = False) -> None:
    inbox.notify(to=to, kind=kind, title=str(title), body=str(body), url=url, refs=refs, key=key[:120], urgent=urgent, at=at)


def _sums(lines: Iterable[ToldLine]) -> str:
    """The money of several lines in words, one amount for each currency."""
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.money.currency] = totals.get(line.money.currency, 0) + line.money.minor
    return ", ".join(format_money(Money(minor, currency)) for currency, minor in sorted(totals.items()))


def _each_reader(partner_id: UUID, lines: list[ToldLine]) -> list[tuple[frozenset[UUID], list[ToldLine]]]:
    """Whoever handles the company's money hears of all lines, a rep of its own."""
    people = facts.money_people(partner_id)
    reps = {line.user_id for line in lines if line.user_id} - people
    return [(people, lines), *((frozenset({rep}), [line for line in lines if line.user_id == rep]) for rep in sorted(reps))]


def _to_partner(
    partner_id: UUID, ids: Iterable[UUID], kind: str, title: Any, body: Any, said: Mapping[str, str], at: datetime, *, urgent: bool = False
) -> None:
    for people, lines in _each_reader(partner_id, facts.lines(ids)):
        if not lines or not people:
            continue
        words = {**said, "money": _sums(lines), "what": lines[0].about or lines[0].label, "plan": lines[0].label}
        url = reverse("earnings:portal_earning", args=[lines[0].id]) if len(lines) == 1 else reverse("earnings:portal_earnings")
        _say(people, kind, title % words, body % words, url, f"{kind}:{lines[0].id}:{at.isoformat()}", [line.id for line in lines][:10], at, urgent=urgent)


def accrued(partner_id: UUID, ids: Iterable[UUID], at: datetime) -> None:
    _to_partner(partner_id, ids, "earnings.accrued", _("You earned %(money)s"), _("%(what)s, by the plan “%(plan)s”. The line says why, to the cent."), {}, at)


def decided(partner_id: UUID, ids: Iterable[UUID], state: str, reason: str, at: datetime) -> None:
    title, body = {
        "approved": (_("%(money)s is approved"), _("%(what)s. It is paid with the next payout.")),
        "declined": (_("%(money)s was declined"), _("%(what)s. %(reason)s")),
        "held": (_("%(money)s is on hold"), _("%(what)s. %(reason)s")),
    }[state]
    _to_partner(partner_id, ids, f"earnings.{state}", title, body, {"reason": reason}, at)


def clawed_back(partner_id: UUID, earning_id: UUID, reason: str, at: datetime) -> None:
    body = _("%(what)s: %(reason)s It is taken from what comes next; paid money is never changed.")
    _to_partner(partner_id, [earning_id], "earnings.clawed_back", _("%(money)s is taken back"), body, {"reason": reason}, at)


def forfeiture(partner_id: UUID, ids: Iterable[UUID], kind: str, said: Mapping[str, str], at: datetime) -> None:
    title, body = {
        "earnings.forfeiture_warned": (_("%(money)s will be forfeited on %(day)s"), _("It is approved and could not be paid. %(cure)s")),
        "earnings.forfeited": (_("%(money)s was forfeited"), _("It could not be paid in time. %(cure)s")),
    }[kind]
    _to_partner(partner_id, ids, kind, title, body, said, at, urgent=True)


def not_accrued(refused: Iterable[tuple[str, str]], at: datetime) -> None:
    """Finance hears of what could not be calculated, and why; it is tried again every night."""
    for what, why in refused:
        words = {"what": what, "why": why}
        title, body = _("%(what)s has not earned anything yet") % words, _("%(why)s It is tried again every night.") % words
        _say(facts.reviewers(), "earnings.not_accrued", title, body, reverse("earnings:earnings"), f"not_accrued:{what}:{at.date()}", (), at)


def alert(earning_id: UUID, codes: Iterable[str], at: datetime) -> None:
    for line in facts.lines([earning_id]):
        words = {"number": line.number, "what": line.about or line.label, "why": ", ".join(str(ALERT.get(code, code)) for code in codes)}
        url = reverse("earnings:earning", args=[line.id])
        _say(facts.reviewers(), "earnings.alert", _("Look at %(number)s") % words, _("%(what)s: %(why)s") % words, url, f"alert:{line.id}", [line.id], at)


def adjustment(adjustment_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    found = facts.adjustment(adjustment_id)
    if found is None:
        return
    number, partner, money, proposer, reason = found
    words = {"number": number, "partner": partner, "money": format_money(money), "reason": reason}
    title = {
        "proposed": _("%(money)s for %(partner)s waits for a second pair of eyes"),
        "approved": _("%(number)s is approved"),
        "rejected": _("%(number)s is rejected"),
        "withdrawn": _("%(number)s was taken back"),
    }[state]
    to = facts.adjusters() - {actor_id} if state in ("proposed", "withdrawn") else {proposer} if proposer else set()
    url = reverse("earnings:adjustments")
    _say(
        [one for one in to if one],
        "earnings.adjustment",
        title % words,
        _("%(reason)s") % words,
        url,
        f"adjustment:{adjustment_id}:{state}",
        [adjustment_id],
        at,
    )


def bounty(bounty_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    found = facts.bounty(bounty_id)
    if found is None:
        return
    title, partner, author, reason = found
    words = {"title": title, "partner": partner, "reason": reason}
    if state == "proposed":
        url = reverse("earnings:bounty", args=[bounty_id])
        _say(
            facts.reviewers(),
            "earnings.bounty_sent",
            _("%(partner)s: %(title)s") % words,
            _("Look at the proof."),
            url,
            f"bounty:{bounty_id}:sent",
            [bounty_id],
            at,
        )
    elif author and author != actor_id:
        said = {"approved": _("Accepted: %(title)s"), "rejected": _("Not accepted: %(title)s")}[state]
        url = reverse("earnings:portal_bounties")
        _say([author], "earnings.bounty_decided", said % words, _("%(reason)s") % words, url, f"bounty:{bounty_id}:{state}", [bounty_id], at)


def statement(statement_id: UUID, partner_id: UUID, month: str, at: datetime) -> None:
    found = facts.statement(statement_id)
    if found:
        words = {"month": month[:7], "money": format_money(found[1])}
        url = reverse("earnings:portal_statements")
        title, body = _("Your statement for %(month)s is ready") % words, _("%(money)s stands in your favour at the end of the month.") % words
        _say(facts.money_people(partner_id), "earnings.statement", title, body, url, f"statement:{statement_id}", [statement_id], at)
