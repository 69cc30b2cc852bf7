"""The mail server's side: LMTP (RFC 2033), or SMTP for those who relay so, in front of `services.receive`.

One answer for each recipient. What fails on our side is answered with 451, so that the mail server tries again.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections

from openprm.correspondence import rules, services
from openprm.correspondence.services import Answer
from openprm.kernel.clock import now

log = logging.getLogger(__name__)
TRY_AGAIN = "451 4.3.0 This cannot be taken now. Try again later."
MOST_RECIPIENTS = 20
IDENT = "OpenPRM"
PROTOCOLS = {"lmtp": LMTP, "smtp": SMTP}


class Reception:
    """What aiosmtpd asks. `swallow` answers 250 also to what is refused after the address was: for servers that took
    the mail already and would send a bounce to a forged sender."""

    def __init__(self, *, swallow: bool = False):
        self.swallow = swallow

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        refused = await _asked(services.refuse_recipient, recipient=address, envelope_sender=envelope.mail_from)
        if refused is not None:
            return refused if isinstance(refused, str) else refused.reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        said = [self._said(await _asked(services.receive, raw=raw, recipient=one, envelope_sender=envelope.mail_from or "")) for one in envelope.rcpt_tos]
        return "\r\n".join(said) if isinstance(server, LMTP) else _worst(said)

    def _said(self, answer: Answer | str) -> str:
        if isinstance(answer, str):
            return answer
        is_final = answer.is_refused and answer.reply.startswith("5")
        return "250 2.0.0 Taken, and refused: see the log" if self.swallow and is_final else answer.reply


def _worst(said: list[str]) -> str:
    """SMTP has one answer for all: try again when any failed for now, refused only when none was taken."""
    return next((line for line in said if line.startswith("4")), next((line for line in said if line.startswith("2")), said[0]))


async def _asked(ask: Callable[..., Any], **values: Any) -> Any:
    try:
        return await asyncio.to_thread(_in_thread, ask, values)
    except Exception:
        log.exception("A mail could not be taken; the mail server is told to try again.")
        return TRY_AGAIN


def _in_thread(ask: Callable[..., Any], values: dict[str, Any]) -> Any:
    """In a thread of its own, with a connection that is given back when it is old or broken."""
    close_old_connections()
    try:
        return ask(**values, at=now())
    finally:
        close_old_connections()


async def listen(*, host: str, port: int, protocol: str = "lmtp", swallow: bool = False) -> asyncio.Server:
    """Listen for mail; the caller keeps the loop running. Port 0 takes a free one."""
    reception, loop = Reception(swallow=swallow), asyncio.get_running_loop()

    def session() -> SMTP:
        return PROTOCOLS[protocol](reception, data_size_limit=rules.LONGEST_MAIL, ident=IDENT, enable_SMTPUTF8=True, loop=loop)

    return await loop.create_server(session, host=host, port=port)
