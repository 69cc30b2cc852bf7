"""One way to write a mail: branded MJML and the same words as plain text, in the reader's language.

Higher floors compose their mails here too, so that every mail of the system looks alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from mjml import mjml2html

from openprm.identity.brand import brand_tokens
from openprm.identity.queries import Branding, branding

DEFAULT_COLOR = "#2f54eb"


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a mail's summary: "Decide by", "Thu 26 Nov, 14:05 CET"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news in a digest."""

    title: str
    detail: str = ""
    url: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be done from a mail: "Approve", and where."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. The first column names the row; the others are figures and stand to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> tuple[str, ...]:
        """The same in a fixed width, for the text of the mail."""
        every = (self.head, *self.rows)
        widths = [max(len(row[place]) for row in every) for place in range(len(self.head))]
        return tuple("  ".join(_padded(row, widths)).rstrip() for row in every)


def _padded(row: tuple[str, ...], widths: list[int]) -> list[str]:
    return [text.ljust(width) if place == 0 else text.rjust(width) for place, (text, width) in enumerate(zip(row, widths, strict=True))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The words of one mail. `url` is the place behind the button; relative addresses become absolute.

    `buttons` are things to do at once, with `about_buttons` under them.
    """

    subject: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    action: str = ""
    url: str = ""
    reason: str = ""
    settings_url: str = ""
    unsubscribe_url: str = ""
    unsubscribe_label: str = ""
    buttons: tuple[Button, ...] = ()
    about_buttons: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    email: str
    name: str = ""
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The vendor's brand as a mail can use it: plain hex colours and absolute addresses."""

    name: str
    color: str
    on_color: str
    radius: int
    logo_url: str = field(default="")


def compose(letter: Letter, *, to: Addressee, message_id: UUID | None = None, headers: Mapping[str, str] | None = None) -> EmailMultiAlternatives:
    """The mail as it will leave: text, HTML, and headers that name the list and how to leave it."""
    with translation.override(to.locale):
        values = {"letter": _absolute(letter), "look": _look(branding()), "to": to, "home": settings.OPENPRM_URL}
        text = render_to_string("identity/mail/message.txt", values).strip() + "\n"
        html = mjml2html(render_to_string("identity/mail/message.mjml", values), disable_comments=True)
    mail = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()), body=text, to=[_address(to)], headers=_headers(letter, message_id) | dict(headers or {})
    )
    mail.attach_alternative(html, "text/html")
    return mail


def absolute(url: str) -> str:
    return urljoin(settings.OPENPRM_URL + "/", url) if url else ""


def _absolute(letter: Letter) -> dict:
    items = [Item(item.title, item.detail, absolute(item.url), item.when) for item in letter.items]
    return {
        "subject": letter.subject,
        "heading": letter.heading,
        "paragraphs": letter.paragraphs,
        "facts": letter.facts,
        "items": items,
        "action": letter.action,
        "url": absolute(letter.url),
        "reason": letter.reason,
        "settings_url": absolute(letter.settings_url),
        "unsubscribe_url": absolute(letter.unsubscribe_url),
        "unsubscribe_label": letter.unsubscribe_label,
        "buttons": [Button(button.label, absolute(button.url)) for button in letter.buttons],
        "about_buttons": letter.about_buttons,
        "table": letter.table,
    }


def _headers(letter: Letter, message_id: UUID | None) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if message_id:
        headers["Message-ID"] = f"<{message_id}@{settings.OPENPRM_URL.partition('://')[2].partition(':')[0]}>"
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{absolute(letter.unsubscribe_url)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _address(to: Addressee) -> str:
    """ "Aino Laine" <aino@kallio.fi>, with the name stripped of what could add a second address."""
    name = "".join(letter for letter in to.name if letter not in '"<>\\\r\n,;:@').strip()
    return f'"{name}" <{to.email}>' if name else to.email


def _look(brand: Branding) -> _Look:
    tokens = brand_tokens(brand.color or DEFAULT_COLOR)
    return _Look(name=brand.name, color=tokens["--brand"], on_color=tokens["--on-brand"], radius=brand.radius, logo_url=absolute(brand.logo_light_url))
