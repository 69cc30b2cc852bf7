"""Who is told what about co-op money and deadlines. Called by jobs, in the system's scope."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.funds.queries.coop import line
from openprm.funds.queries.extensions import extension
from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import Money, format_money
from openprm.partners import queries as partners


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Funds"), **look)


KINDS = (
    _kind("funds.accrued", gettext_lazy("a won deal fills our co-op fund"), icon="piggy-bank", tone="ok", side="partner", mail="daily"),
    _kind("funds.corrected", gettext_lazy("co-op money is corrected"), icon="pencil", tone="warn", side="partner"),
    _kind("funds.expiring", gettext_lazy("co-op money runs out soon"), icon="alarm-clock", tone="warn", side="partner"),
    _kind("funds.ran_out", gettext_lazy("co-op money ran out"), icon="hourglass", tone="bad", side="partner"),
    _kind("funds.extension_asked", gettext_lazy("a partner asks for a later deadline"), icon="calendar-clock", tone="info", side="vendor"),
    _kind("funds.extension_answered", gettext_lazy("our question for a later deadline is answered"), icon="calendar-clock", tone="info", side="partner"),
)


def _people(partner_id: UUID) -> set[UUID]:
    return {person.id for person in identity.holders_of("funds.request", partner_id)}


def tell_booked(line_id: UUID, at: datetime) -> None:
    row = line(SYSTEM, line_id)
    amount = format_money(row.amount)
    if row.kind == "accrued":
        title = _("%(amount)s for your co-op fund") % {"amount": amount}
        told = {"number": row.registration_number, "day": date_format(row.expires_on, "j M Y")}
        kind, body = "funds.accrued", _("%(number)s is won. Plan the money until %(day)s.") % told
    else:
        title = _("Your co-op fund was corrected by %(amount)s") % {"amount": amount}
        kind, body = "funds.corrected", " ".join(filter(None, (row.registration_number, row.note)))
    url = reverse("funds:portal_coop")
    inbox.notify(to=_people(row.partner_id), kind=kind, title=title, body=body, url=url, refs=(row.id, row.partner_id), at=at)


def tell_expiring(partner_id: UUID, money: Money, days: int, ends: date, at: datetime) -> None:
    said = {"amount": format_money(money), "days": days}
    title = ngettext("%(amount)s of co-op money ends in %(days)d day", "%(amount)s of co-op money ends in %(days)d days", days) % said
    body = _("Plan it in a request by %(day)s, or it goes back.") % {"day": date_format(ends, "j M Y")}
    inbox.notify(
        to=_people(partner_id), kind="funds.expiring", title=title, body=body, url=reverse("funds:portal_coop"), refs=(partner_id,), urgent=days <= 7, at=at
    )  # fmt: skip


def tell_ran_out(partner_id: UUID, money: Money, at: datetime) -> None:
    title = _("%(amount)s of co-op money ran out") % {"amount": format_money(money)}
    body = _("Its time was over and it was not planned. The lines say which deals it came from.")
    inbox.notify(to=_people(partner_id), kind="funds.ran_out", title=title, body=body, url=reverse("funds:portal_coop"), refs=(partner_id,), at=at)


def tell_asked(extension_id: UUID, at: datetime) -> None:
    row = extension(SYSTEM, extension_id, at)
    manager = partners.manager_of(row.partner_id)
    people = {person.id for person in identity.holders_of("funds.decide_extension") if manager is None or person.id == manager}
    people = people or {person.id for person in identity.holders_of("funds.decide_extension")}
    title = _("%(partner)s asks for more time") % {"partner": row.partner}
    told = {"title": row.title, "old": date_format(row.ends_on, "j M Y"), "new": date_format(row.asked_until, "j M Y")}
    body = _("“%(title)s”: %(new)s instead of %(old)s.") % told
    url = reverse("funds:extension", args=[row.id])
    inbox.notify(to=people, kind="funds.extension_asked", title=title, body=body, url=url, refs=(row.id, row.partner_id), at=at)


def tell_answered(extension_id: UUID, at: datetime) -> None:
    row = extension(SYSTEM, extension_id, at)
    if row.state == "granted" and row.granted_until:
        title = _("“%(title)s” may take until %(day)s") % {"title": row.title, "day": date_format(row.granted_until, "j M Y")}
    else:
        title = _("The deadline of “%(title)s” stays") % {"title": row.title}
    inbox.notify(
        to=_people(row.partner_id), kind="funds.extension_answered", title=title, body=row.answer, url=reverse("funds:portal_wallet"),
        refs=(row.id, row.partner_id), at=at,
    )  # fmt: skip
