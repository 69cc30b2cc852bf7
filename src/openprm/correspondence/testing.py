"""Builders for tests: mails as they come over the wire."""

from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from openprm.kernel.clock import now

DOMAIN = "reply.halden.example"


def make_mail(*, sender: str, to: str, text: str = "Fine by us.", message_id: str = "<one@kallio.example>", html: str = "", **headers: str) -> EmailMessage:
    """A plain answer of a person. Other headers by name, with underscores for hyphens."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, "Re: Ostrava Steelworks is approved"
    mail["Message-ID"], mail["Date"] = message_id, format_datetime(now())
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def with_file(mail: EmailMessage, content: bytes, *, name: str, kind: str = "application/pdf", **values: Any) -> EmailMessage:
    maintype, subtype = kind.split("/")
    mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name, **values)
    return mail
