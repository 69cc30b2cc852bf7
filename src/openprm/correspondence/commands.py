"""`openprm mail-server` and `openprm receive-mail`: the two ways in which mail comes in."""

import asyncio
import signal
import sys

import click

from openprm.correspondence import rules, server, services
from openprm.correspondence.engine import message
from openprm.correspondence.kinds import reply_domain
from openprm.kernel.clock import now

# sysexits.h: what Postfix and Exim understand of a program they hand a mail to
NO_USER, NO_PERMISSION, BAD_DATA, TRY_AGAIN = 67, 77, 65, 75


@click.command("mail-server", short_help="Receive answers to mails, over LMTP or SMTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8024, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--protocol", type=click.Choice(["lmtp", "smtp"]), default="lmtp", show_default=True, help="What your mail server speaks to it.")
@click.option("--swallow", is_flag=True, help="Say 250 to refused mails too (they are logged), so that no bounce goes to a forged sender.")
def mail_server(host: str, port: int, protocol: str, swallow: bool) -> None:
    """Receive mail for the reply domain from your mail server until stopped."""
    _need_domain()
    try:
        asyncio.run(_serve(host, port, protocol, swallow))
    except OSError as error:
        raise click.UsageError(f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port with --port.") from error


async def _serve(host: str, port: int, protocol: str, swallow: bool) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with await server.listen(host=host, port=port, protocol=protocol, swallow=swallow):
        click.echo(f"Receiving mail for {reply_domain()} over {protocol.upper()} at {host}:{port}.", err=True)
        await stopping.wait()


@click.command("receive-mail", short_help="Receive one mail from standard input.")
@click.option("--recipient", default="", help="The address it came to [the mail's own X-Original-To, Delivered-To, To].")
@click.option("--sender", default=None, help="The envelope's sender; empty for a bounce [the mail's own Return-Path].")
def receive_mail(recipient: str, sender: str | None) -> None:
    """Read one mail from standard input. Exit 0: taken; 65, 67, 77: refused; 75: try again later."""
    _need_domain()
    raw = sys.stdin.buffer.read(rules.LONGEST_MAIL + 1)
    answer = services.receive(raw=raw, recipient=recipient or _own_recipient(raw), envelope_sender=sender, at=now())
    click.echo(answer.reply, err=True)
    sys.exit(_exit_code(answer))


def _own_recipient(raw: bytes) -> str:
    try:
        found = message.read(raw).recipients
    except message.Unreadable:
        return ""
    return next((address for address in found if rules.token_in(address, reply_domain())), "")


def _exit_code(answer: services.Answer) -> int:
    if not answer.is_refused:
        return 0
    if answer.reply.startswith("4"):
        return TRY_AGAIN
    return {"unknown_address": NO_USER, "unreadable": BAD_DATA}.get(answer.reason, NO_PERMISSION)


def _need_domain() -> None:
    if not reply_domain():
        raise click.UsageError("OPENPRM_REPLY_DOMAIN is not set, so no mail of ours can be answered. Set it to the domain whose mail comes here.")
