"""What the queue runs for windows that reflect work and for the customer's choice; and the news they bring."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals.queries import customer_choice as choices
from openprm.deals.queries import news as facts
from openprm.deals.services import customer_choice, evidence
from openprm.deals.wording_work import CAUSE
from openprm.identity.queries import branding
from openprm.identity.services import mail
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.jobs import job


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Deals"), **look)


KINDS = (
    _kind("deals.protection_moved", gettext_lazy("work or quiet moves the end of a protection"), icon="shield-check", tone="info", mail="daily"),
    _kind("deals.shortening", gettext_lazy("a shortening of a protection is announced"), icon="hourglass", tone="warn"),
    _kind("deals.customer_asked", gettext_lazy("a customer of ours is asked whom it wants to work with"), icon="message-circle-question-mark", side="partner"),
    _kind("deals.customer_stays", gettext_lazy("a customer was asked and stays"), icon="circle-check", tone="ok"),
    _kind("deals.customer_left", gettext_lazy("a customer wants to work with somebody else"), icon="log-out", tone="warn"),
    _kind("deals.choice_objected", gettext_lazy("a partner objects to a customer's choice"), icon="scale", tone="bad", side="vendor"),
    _kind("deals.choice_settled", gettext_lazy("a customer's choice is settled"), icon="circle-check"),
)


@job(name="deals.settle_windows", every="20 3 * * *", lock="deals.settle_windows")
def settle_windows(*, at: datetime, after: UUID | None = None) -> None:
    """Every night: quiet weeks, late and struck work, announcements whose notice is over. A full batch is followed by the next."""
    if following := evidence.settle_due(after=after, at=at):
        settle_windows.defer(after=following)


@job(name="deals.release_chosen", every="*/10 * * * *", lock="deals.release_chosen")
def release_chosen(*, at: datetime) -> None:
    if customer_choice.release_chosen(at=at) >= customer_choice.AT_ONCE:
        release_chosen.defer()


@job(name="deals.open_work_window")
def on_approved(
    *,
    registration_id: UUID,
    partner_id: UUID,
    number: str,
    actor_id: UUID | None,
    at: datetime,
    account_id: UUID,
    automatic: bool,
    protected_until: datetime | None,
) -> None:
    evidence.open_window(registration_id=registration_id, at=at)


@job(name="deals.stage_counts")
def on_stage_moved(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, stage: str, previous: str) -> None:
    evidence.note_stage(registration_id=registration_id, stage=stage, at=at)
    evidence.settle(registration_id=registration_id, at=at)


@job(name="deals.extension_counts")
def on_extended(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, protected_until: datetime) -> None:
    evidence.settle(registration_id=registration_id, at=at)


@job(name="deals.work_counts")
def on_activity(
    *, activity_id: UUID, account_id: UUID, kind: str, side: str, direction: str, partner_id: UUID | None, about: UUID | None, occurred_at: datetime,
    actor_id: UUID | None, at: datetime, purpose: str = "",
) -> None:  # fmt: skip
    if about and side == "partner":
        evidence.settle(registration_id=about, at=at)


@job(name="deals.struck_work_counts_no_more")
def on_activity_struck(
    *, activity_id: UUID, account_id: UUID, kind: str, side: str, direction: str, partner_id: UUID | None, about: UUID | None, occurred_at: datetime,
    actor_id: UUID | None, at: datetime, reason: str,
) -> None:  # fmt: skip
    if about and side == "partner":
        evidence.settle(registration_id=about, at=at)


@job(name="deals.tell_protection_moved")
def on_moved(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, protected_until: datetime, days: int, cause: str
) -> None:
    _tell(registration_id, "deals.protection_moved", at, "longer" if days > 0 else "shorter", days=abs(days), cause=str(CAUSE.get(cause, "")))


@job(name="deals.tell_shortening")
def on_shortening(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, days: int, cause: str, effective_at: datetime,
    planned_until: datetime,
) -> None:  # fmt: skip
    _tell(registration_id, "deals.shortening", at, "shortening", days=days, cause=str(CAUSE.get(cause, "")), then=effective_at, end=planned_until)


@job(name="deals.mail_customer", queue="default")
def on_asked(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, link_id: UUID) -> None:
    """The mail to the customer; mail programs drop a second copy by its id. The partner hears that its customer was asked."""
    asked = customer_choice.open_link(token=choices.token_of(link_id), at=at)
    letter = mail.Letter(
        subject=_("Whom do you want to work with?"),
        heading=_("Your choice"),
        paragraphs=(
            _("%(partner)s looks after %(customer)s for us. You decide whether that stays so.") % {"partner": asked.partner, "customer": asked.customer},
            _("Behind the button stands what happens in either case. Nothing happens before you say so."),
        ),
        action=_("Say it"),
        url=choices.link_url(link_id),
        reason=_("You get this mail from %(vendor)s because you are named as the contact at %(customer)s. The link works until %(day)s.")
        % {"vendor": branding().name, "customer": asked.customer, "day": date_format(asked.expires_at, "j M Y")},
    )
    link = choices.link_by(choices.token_of(link_id), at)
    mail.compose(letter, to=mail.Addressee(email=link.contact_email, name=link.contact_name), message_id=uuid5(link_id, "asked")).send()
    _tell(registration_id, "deals.customer_asked", at, "asked", to=("partner",))


@job(name="deals.tell_customer_stays")
def on_stays(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, link_id: UUID) -> None:
    _tell(registration_id, "deals.customer_stays", at, "stays")


@job(name="deals.tell_customer_left")
def on_left(
    *,
    registration_id: UUID,
    partner_id: UUID,
    number: str,
    actor_id: UUID | None,
    at: datetime,
    choice_id: UUID,
    account_id: UUID,
    days: int,
    releases_at: datetime,
) -> None:
    _tell(registration_id, "deals.customer_left", at, "left", days=days, then=releases_at)


@job(name="deals.tell_choice_objected")
def on_objected(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, choice_id: UUID, account_id: UUID, reason: str,
    releases_at: datetime,
) -> None:  # fmt: skip
    _tell(registration_id, "deals.choice_objected", at, "objected", to=("vendor",), why=reason[:300])


@job(name="deals.tell_choice_settled")
def on_settled(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, choice_id: UUID, state: str, reason: str) -> None:
    _tell(registration_id, "deals.choice_settled", at, state, why=reason[:300])


def _tell(registration_id: UUID, kind: str, at: datetime, words: str, to: tuple[str, ...] = ("partner", "vendor"), **values: Any) -> None:
    """Say it to both sides, or to one, each with the address of its own page."""
    told = facts.told_of(registration_id)
    if told is None:
        return
    said = {"title": told.title, "number": told.number, "customer": told.customer, "partner": told.partner, "until": _day(told.protected_until)}
    said |= {name: _day(value) if isinstance(value, datetime) else value for name, value in values.items()}
    title, body = WORDS[words]
    places = {"partner": (told.partner_people, "deals:portal_registration"), "vendor": (told.vendor_people, "deals:registration")}
    for side in to:
        people, page = places[side]
        inbox.notify(
            to=people, kind=kind, title=str(title) % said, body=str(body) % said, url=reverse(page, args=[registration_id]),
            refs=(registration_id, told.partner_id), key=f"{kind}:{registration_id}:{at.isoformat()}", at=at,
        )  # fmt: skip


def _day(value: datetime | None) -> str:
    return date_format(value, "j M Y") if value else "–"


WORDS = {
    "longer": (gettext_lazy("%(title)s is protected %(days)d days longer"), gettext_lazy("%(number)s is protected until %(until)s. %(cause)s counts.")),
    "shorter": (
        gettext_lazy("%(title)s is protected %(days)d days shorter"),
        gettext_lazy("As announced, %(number)s is protected until %(until)s."),
    ),
    "shortening": (
        gettext_lazy("%(title)s: a shortening by %(days)d days is announced"),
        gettext_lazy("Unless work is logged, the protection of %(number)s ends on %(end)s. This holds from %(then)s on. Reason: %(cause)s."),
    ),
    "asked": (
        gettext_lazy("%(customer)s is asked whom it wants to work with"),
        gettext_lazy("We mailed the contact on %(number)s. You hear of the answer at once."),
    ),
    "stays": (gettext_lazy("%(customer)s stays with %(partner)s"), gettext_lazy("The customer was asked about %(number)s and wants to go on.")),
    "left": (
        gettext_lazy("%(customer)s wants to work with somebody else"),
        gettext_lazy("%(number)s is released on %(then)s, after %(days)d days of notice. Until then the partner can object."),
    ),
    "objected": (gettext_lazy("%(partner)s objects to the choice of %(customer)s"), gettext_lazy("%(number)s: %(why)s")),
    "released": (gettext_lazy("%(title)s is released to the customer's choice"), gettext_lazy("%(number)s: %(why)s")),
    "dropped": (gettext_lazy("The choice of %(customer)s is dropped"), gettext_lazy("%(number)s goes on: %(why)s")),
}
