"""Which customers two companies have in common, by exchanging three files; neither sees the other's list. No database, no network."""

import base64
import functools
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from openprm.mapping.commands.psi_steps import check_asked, check_files, deliver, end, hand_out, now, progress, read_items, refusals_noted, sender_of, tell
from openprm.mapping.engine.psi import journal, limits, protocol, transcripts
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.folder import Folder, public_key
from openprm.mapping.engine.psi.limits import COUNT, REVEAL, Limits
from openprm.mapping.engine.psi.messages import read_file

NEEDS_DJANGO = False
FAILED, WRONG_INPUT = 1, 2
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_OFFERED, _USUAL = Limits(), {"show_default": True}


def _told(command: Callable[..., None]) -> Callable[..., None]:
    """A refusal is one sentence on stderr and exit code 2; a disk that fails is exit code 1."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Refused as wrong:
            click.echo(str(wrong), err=True)
            raise SystemExit(WRONG_INPUT) from None
        except OSError as odd:
            click.echo(f"{odd.filename or ''}: {odd.strerror or odd}. Nothing was handed out.", err=True)
            raise SystemExit(FAILED) from None

    return run


@click.group("psi")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), envvar="OPENPRM_PSI_HOME", help="Where keys and runs are kept [~/.openprm-psi].")
@click.pass_context
def psi(context: click.Context, home: Path | None) -> None:
    """Find common customers with another company by exchanging files; neither sees the other's list.

    Once: both run `key` and tell each other the line by another way than the files; both `pin` the other's key.
    Then: one makes an `offer`, the other an `answer`; the first reads it with `finish`, which also makes a receipt; the other reads that with `finish`.
    Files that are wrong end with exit code 2, and nothing is written.
    """
    context.obj = home or Path.home() / ".openprm-psi"


@psi.command("key")
@click.pass_obj
@_told
def key(home: Path) -> None:
    """Print our public key; make it the first time."""
    with (folder := Folder(home)).alone():
        me = folder.me()
    click.echo(base64.b64encode(me.key.public_key().public_bytes_raw()).decode())
    tell(f"fingerprint {me.fingerprint}")


@psi.command("pin")
@click.argument("name")
@click.argument("public")
@click.option("--least", type=int, default=_OFFERED.least, help="Domains a list must have at least.", **_USUAL)
@click.option("--most", type=int, default=_OFFERED.most, help="Domains a list may have at most.", **_USUAL)
@click.option("--runs", type=int, default=_OFFERED.runs, help="Runs in a period.", **_USUAL)
@click.option("--days", type=int, default=_OFFERED.days, help="The period.", **_USUAL)
@click.option("--few", type=int, default=_OFFERED.few, help="Two lists of ours must be the same or differ in so many domains.", **_USUAL)
@click.pass_obj
@_told
def pin(home: Path, name: str, public: str, **agreed: int) -> None:
    """Trust PUBLIC, the line that `openprm psi key` prints on the other side, as the key of NAME; again to change what is agreed."""
    with (folder := Folder(home)).alone():
        folder.pin(name, raw := public_key(public), Limits(**agreed))
        journal.note(home, folder.me(), now(), "pinned", peer=name, fingerprint=(peer := protocol.Peer(raw)).fingerprint, **agreed)
    tell(f"{name} is pinned with the fingerprint {peer.fingerprint}")


@psi.command("offer")
@click.argument("list_file", metavar="LIST.csv", type=_FILE)
@click.option("--to", "name", required=True, help="The pinned peer.")
@click.option("--out", required=True, type=_OUT, help="Where the offer goes.")
@click.option("--purpose", required=True, help="What the result is for; both sides sign it.")
@click.option("--reveal", is_flag=True, help="Ask for the common names; both sides must want that. Without it: a count.")
@click.option("--stands", type=click.IntRange(1, 31), default=7, help="Days in which it can be answered.", **_USUAL)
@click.option("--redirects", type=_FILE, help="A CSV file of domains that lead to others: old, new.")
@click.pass_obj
@_told
def offer(home: Path, list_file: Path, name: str, out: Path, purpose: str, reveal: bool, stands: int, redirects: Path | None) -> None:
    """Begin: offer a pinned peer to compare LIST.csv (columns id, domain) with theirs."""
    check_files(list_file, out)
    with (folder := Folder(home)).alone():
        peer, items = folder.peer(name), read_items(list_file, redirects)
        prints = limits.prints(items.domains, folder.print_key())
        asked = {"mode": REVEAL if reveal else COUNT, "purpose": purpose, "at": now(), "life": timedelta(days=stands)}
        begun = protocol.offer(folder.me(), peer, items, folder.past(peer), prints, **asked, tell=progress("hidden"))
        hand_out(folder, begun, items, prints, name, out)


@psi.command("answer")
@click.argument("offer_file", metavar="OFFER.psi", type=_FILE)
@click.argument("list_file", metavar="LIST.csv", type=_FILE)
@click.option("--out", required=True, type=_OUT, help="Where the answer goes.")
@click.option("--reveal", is_flag=True, help="Consent to both sides' learning the common names. Without it: to a count.")
@click.option("--redirects", type=_FILE, help="A CSV file of domains that lead to others: old, new.")
@click.pass_obj
@_told
def answer(home: Path, offer_file: Path, list_file: Path, out: Path, reveal: bool, redirects: Path | None) -> None:
    """Answer OFFER.psi of a pinned peer with LIST.csv (columns id, domain)."""
    check_files(list_file, out, offer_file)
    consent = REVEAL if reveal else COUNT
    with (folder := Folder(home)).alone():
        asked = read_file(offer_file)
        name, peer = folder.peer_of(sender_of(folder, asked))
        with refusals_noted(folder, name, asked):
            folder.check_new(asked.head.run)
            protocol.check_offer(folder.me(), peer, asked, folder.past(peer), consent=consent, at=now())
        tell(f"{name} asks for {'the common names' if reveal else 'a count'}, for: {asked.head.purpose}")
        items = read_items(list_file, redirects)
        prints = limits.prints(items.domains, folder.print_key())
        with refusals_noted(folder, name, asked):
            begun = protocol.answer(folder.me(), peer, asked, items, folder.past(peer), prints, consent=consent, at=now(), tell=progress("points"))
        hand_out(folder, begun, items, prints, name, out)


@psi.command("finish")
@click.argument("message", metavar="MESSAGE.psi", type=_FILE)
@click.option("--out", type=_OUT, help="Where the result goes as CSV: id, domain of our rows that both have, or the count.")
@click.option("--receipt", type=_OUT, help="After an answer: where the message goes that tells the other side the same.")
@click.pass_obj
@_told
def finish(home: Path, message: Path, out: Path | None, receipt: Path | None) -> None:
    """Read the answer to our offer, or the receipt of a run that we answered: what both have in common."""
    check_files(message, *(file for file in (out, receipt) if file))
    with (folder := Folder(home)).alone():
        got = read_file(message)
        name, peer = folder.peer_of(sender_of(folder, got))
        check_asked(got, out, receipt)
        with refusals_noted(folder, name, got):
            ended, rows = end(folder, peer, got)
        folder.keep_ended(ended, rows)
        journal.note(home, folder.me(), now(), "finished", run=ended.run.id, peer=name, mode=ended.run.mode, common=ended.common)
    if receipt and ended.message:
        deliver(receipt, ended.message.to_bytes())
    if out:
        deliver(out, rows)
    heads = ended.run.heads
    theirs = (heads[1] if ended.run.began_it else heads[0]).head.points
    told = {"run": ended.run.id, "peer": name, "mode": ended.run.mode, "common": ended.common, "ours": ended.run.size, "theirs_at_most": theirs}
    click.echo(json.dumps(told))


@psi.command("reach")
@click.argument("name")
@click.argument("url")
@click.option("--certificate", type=_FILE, help="The PEM file of the one certificate, or issuer, to trust there. Without it: what the system trusts.")
@click.pass_obj
@_told
def reach(home: Path, name: str, url: str, certificate: Path | None) -> None:
    """Note that the pinned peer NAME takes messages at URL (https://...)."""
    from openprm.mapping.engine.psi.web import Address

    address = Address(url, certificate.read_text() if certificate else "")
    with (folder := Folder(home)).alone():
        folder.reach(name, address.url, address.certificate)
    tell(f"{name} is at {url}")


@psi.command("send")
@click.argument("run")
@click.pass_obj
@_told
def send(home: Path, run: str) -> None:
    """Bring our last message of RUN to the peer over HTTPS; a try that was cut off goes on where it stopped."""
    from openprm.mapping.engine.psi import web

    folder = Folder(home)
    found = folder.run(run)
    name, _peer = folder.peer_of(found.peer)
    web.send(folder.last_message(found), web.Address(*folder.reached(name)), progress("bytes"))
    journal.note(home, folder.me(), now(), "sent", run=found.id, peer=name, stage=found.stage)
    tell(f"{name} has the message of run {found.id[:8]}.")


@psi.command("inbox")
@click.pass_obj
@_told
def inbox(home: Path) -> None:
    """List the messages that arrived over HTTPS and wait for `answer` or `finish`, one JSON object a line."""
    from openprm.mapping.engine.psi.mailbox import Mailbox

    for file, signed, name in Mailbox(Folder(home)).waiting(now()):
        head = signed.head
        told = {"file": str(file), "step": head.step, "run": head.run, "peer": name, "mode": head.mode, "purpose": head.purpose}
        click.echo(json.dumps(told, ensure_ascii=False))


@psi.command("serve")
@click.option("--host", default="127.0.0.1", **_USUAL)
@click.option("--port", type=click.IntRange(1, 65535), default=8443, **_USUAL)
@click.option("--certificate", type=_FILE, required=True, help="The PEM file of the certificate of this address.")
@click.option("--key", "private", type=_FILE, required=True, help="The PEM file of its private key.")
@click.pass_obj
@_told
def serve(home: Path, host: str, port: int, certificate: Path, private: Path) -> None:
    """Take messages of pinned peers over HTTPS (TLS 1.3). Nothing is answered by itself: `inbox` shows what waits."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Folder(home).me()
    os.environ["OPENPRM_PSI_HOME"] = str(home.absolute())
    where = {"address": host, "port": port, "ssl_cert": certificate, "ssl_key": private}
    Granian("openprm.mapping.engine.psi.serving:application", interface=Interfaces.WSGI, log_level=LogLevels.warning, websockets=False, **where).serve()


@psi.command("again")
@click.argument("run")
@click.option("--out", type=_OUT, help="Where the message goes that we sent last.")
@click.option("--result", type=_OUT, help="Where the result goes.")
@click.pass_obj
@_told
def again(home: Path, run: str, out: Path | None, result: Path | None) -> None:
    """Write the same message or result of RUN once more, when a file was lost. Nothing is computed anew."""
    with (folder := Folder(home)).alone():
        found = folder.run(run)
        wanted = [(file, raw) for file, raw in ((out, out and folder.last_message(found)), (result, result and folder.result(found))) if file]
        if not wanted:
            raise Refused("Say what to write: --out for the message, --result for the result.")
        journal.note(home, folder.me(), now(), "written again", run=found.id)
    for file, raw in wanted:
        check_files(file)
        deliver(file, raw)


@psi.command("drop")
@click.argument("run")
@click.pass_obj
@_told
def drop(home: Path, run: str) -> None:
    """Give RUN up: its secret is destroyed. One that we answered still counts, for the other side may have read the answer."""
    with (folder := Folder(home)).alone():
        folder.keep(protocol.drop(found := folder.run(run)))
        journal.note(home, folder.me(), now(), "dropped", run=found.id)
    tell(f"Run {found.id[:8]} is given up.")


@psi.command("runs")
@click.pass_obj
@_told
def runs(home: Path) -> None:
    """List the runs of this folder, one JSON object a line."""
    for run in Folder(home).runs():
        told = {"run": run.id, "stage": run.stage, "mode": run.mode, "started": run.started.isoformat(), "ours": run.size, "peer": run.peer}
        click.echo(json.dumps(told | ({"common": run.common} if run.common >= 0 else {})))


@psi.command("journal")
@click.pass_obj
@_told
def read_journal(home: Path) -> None:
    """Check the journal of this folder line by line and print it."""
    for line in journal.read(home, Folder(home).me()):
        click.echo(json.dumps(line, ensure_ascii=False))


@psi.command("transcript")
@click.argument("run")
@click.pass_obj
@_told
def transcript(home: Path, run: str) -> None:
    """Print the signed transcript of RUN: who sent what and when, without a single point of it."""
    folder = Folder(home)
    found = folder.run(run)
    _name, peer = folder.peer_of(found.peer)
    click.echo(transcripts.written(found.heads, (folder.me().key.public_key().public_bytes_raw(), peer.public)), nl=False)


@psi.command("verify")
@click.argument("file", type=_FILE)
@_told
def verify(file: Path) -> None:
    """Check the signatures and the order of a transcript; compare the fingerprints it prints with those you know."""
    for head in transcripts.verify(file.read_text(errors="replace")):
        click.echo(f"{head.at:%Y-%m-%d %H:%M:%S} {head.step:6} {head.mode:6} {head.sender} -> {head.receiver}")


COMMANDS = (psi,)
