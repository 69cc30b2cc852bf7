"""What the inbox decides without a database: who gets what how, when a digest is due, how late is late."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Mode = Literal["now", "daily", "off"]
MODES: tuple[Mode, ...] = ("now", "daily", "off")

DIGEST_AT = time(8, 0)
LAST_HOURS = timedelta(hours=8)
TITLE_LONGEST = 200
BODY_LONGEST = 1000
URL_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """How one person takes one kind of news."""

    in_app: bool
    mail: Mode


@dataclass(frozen=True, slots=True)
class Delivery:
    """What happens to one piece of news for one person. Nothing happens when both are off."""

    in_app: bool
    mail: Mode

    @property
    def is_nothing(self) -> bool:
        return not self.in_app and self.mail == "off"


def delivery(choice: Choice, *, urgent: bool) -> Delivery:
    """A person's choice, with urgent news hurried: the daily mail becomes a mail now. Off stays off."""
    mail: Mode = "now" if urgent and choice.mail == "daily" else choice.mail
    return Delivery(in_app=choice.in_app, mail=mail)


def dedupe_key(*, kind: str, url: str, title: str, at: datetime) -> str:
    """The same for the same piece of news, so that a job that runs twice tells it once."""
    return hashlib.sha256("\n".join((kind, url, title, at.isoformat())).encode()).hexdigest()


def clipped(text: str, longest: int) -> str:
    """Text that fits its column, ending in an ellipsis where it was cut."""
    text = text.strip()
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def safe_url(url: str) -> str:
    """Only addresses of this site: a path that begins with one slash."""
    is_ours = url.startswith("/") and not url.startswith(("//", "/\\")) and len(url) <= URL_LONGEST
    return url if is_ours else ""


def last_digest(*, time_zone: str, at: datetime) -> datetime:
    """The latest 08:00 in the person's zone that is not in the future: what is older belongs into that digest."""
    local = at.astimezone(ZoneInfo(time_zone))
    today = datetime.combine(local.date(), DIGEST_AT, tzinfo=local.tzinfo)
    if today <= local:
        return today
    return datetime.combine(local.date() - timedelta(days=1), DIGEST_AT, tzinfo=local.tzinfo)


def due_tone(*, due_at: datetime | None, at: datetime, time_zone: str) -> str:
    """Red when late or within eight hours, amber when due today, quiet otherwise."""
    if due_at is None:
        return ""
    if due_at - at <= LAST_HOURS:
        return "bad"
    zone = ZoneInfo(time_zone)
    return "warn" if due_at.astimezone(zone).date() == at.astimezone(zone).date() else ""
