"""Which customers two companies have in common, by exchanging three files; neither sees the other's list. No database, no network."""

import base64
import csv
import functools
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from openprm.mapping.engine.psi import journal, limits, protocol, transcripts
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.folder import Folder, public_key, put
from openprm.mapping.engine.psi.items import Items
from openprm.mapping.engine.psi.limits import COUNT, REVEAL, Limits
from openprm.mapping.engine.psi.messages import ANSWER, CLOSE, Message, read_file

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
    _tell(f"fingerprint {me.fingerprint}")


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
        journal.note(home, folder.me(), _now(), "pinned", peer=name, fingerprint=(peer := protocol.Peer(raw)).fingerprint, **agreed)
    _tell(f"{name} is pinned with the fingerprint {peer.fingerprint}")


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
    _check_out(list_file, out)
    with (folder := Folder(home)).alone():
        peer, items = folder.peer(name), _read(list_file, redirects)
        prints = limits.prints(items.domains, folder.print_key())
        asked = {"mode": REVEAL if reveal else COUNT, "purpose": purpose, "at": _now(), "life": timedelta(days=stands)}
        begun = protocol.offer(folder.me(), peer, items, folder.past(peer), prints, **asked, tell=_progress("hidden"))
        _hand_out(folder, begun, items, prints, name, out)


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
    _check_out(list_file, out, offer_file)
    consent = REVEAL if reveal else COUNT
    with (folder := Folder(home)).alone():
        asked = read_file(offer_file)
        name, peer = folder.peer_of(_sender(folder, asked))
        with _refusals_noted(folder, name, asked):
            folder.check_new(asked.head.run)
            protocol.check_offer(folder.me(), peer, asked, folder.past(peer), consent=consent, at=_now())
        _tell(f"{name} asks for {'the common names' if reveal else 'a count'}, for: {asked.head.purpose}")
        items = _read(list_file, redirects)
        prints = limits.prints(items.domains, folder.print_key())
        with _refusals_noted(folder, name, asked):
            begun = protocol.answer(folder.me(), peer, asked, items, folder.past(peer), prints, consent=consent, at=_now(), tell=_progress("points"))
        _hand_out(folder, begun, items, prints, name, out)


@psi.command("finish")
@click.argument("message", metavar="MESSAGE.psi", type=_FILE)
@click.option("--out", type=_OUT, help="Where the result goes as CSV: id, domain of our rows that both have, or the count.")
@click.option("--receipt", type=_OUT, help="After an answer: where the message goes that tells the other side the same.")
@click.pass_obj
@_told
def finish(home: Path, message: Path, out: Path | None, receipt: Path | None) -> None:
    """Read the answer to our offer, or the receipt of a run that we answered: what both have in common."""
    _check_out(message, *(file for file in (out, receipt) if file))
    with (folder := Folder(home)).alone():
        got = read_file(message)
        name, peer = folder.peer_of(_sender(folder, got))
        _check_finish(got, out, receipt)
        with _refusals_noted(folder, name, got):
            ended, rows = _ended(folder, peer, got)
        folder.keep_ended(ended, rows)
        journal.note(home, folder.me(), _now(), "finished", run=ended.run.id, peer=name, mode=ended.run.mode, common=ended.common)
    if receipt and ended.message:
        _deliver(receipt, ended.message.to_bytes())
    if out:
        _deliver(out, rows)
    heads = ended.run.heads
    theirs = (heads[1] if ended.run.began_it else heads[0]).head.points
    told = {"run": ended.run.id, "peer": name, "mode": ended.run.mode, "common": ended.common, "ours": ended.run.size, "theirs_at_most": theirs}
    click.echo(json.dumps(told))


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
        journal.note(home, folder.me(), _now(), "written again", run=found.id)
    for file, raw in wanted:
        _check_out(file)
        _deliver(file, raw)


@psi.command("drop")
@click.argument("run")
@click.pass_obj
@_told
def drop(home: Path, run: str) -> None:
    """Give RUN up: its secret is destroyed. One that we answered still counts, for the other side may have read the answer."""
    with (folder := Folder(home)).alone():
        folder.keep(protocol.drop(found := folder.run(run)))
        journal.note(home, folder.me(), _now(), "dropped", run=found.id)
    _tell(f"Run {found.id[:8]} is given up.")


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


def _read(file: Path, redirects: Path | None) -> Items:
    from openprm.mapping.engine.psi import lists  # half of the time it takes to start; `finish` reads no list

    told = lists.read(file, redirects)
    for note in told.notes:
        _tell(f"{file}: {note}")
    _tell(f"{file}: {len(told.items):,} domains; {told.left_out:,} rows without one are left out")
    return told.items


def _sender(folder: Folder, got: Message) -> str:
    """Whoever the message says; our own messages are told apart before anybody is looked up."""
    if got.head.sender == folder.me().fingerprint:
        raise Refused("This message is our own. The other side's is needed.")
    return got.head.sender


@contextmanager
def _refusals_noted(folder: Folder, name: str, got: Message) -> Iterator[None]:
    """What a peer sent and was refused stands in the journal."""
    try:
        yield
    except Refused as why:
        journal.note(folder.root, folder.me(), _now(), "refused", run=got.head.run, peer=name, step=got.head.step, why=str(why))
        raise


def _ended(folder: Folder, peer: protocol.Peer, got: Message) -> tuple[protocol.Ended, bytes]:
    run = folder.run(got.head.run)
    if run.peer != peer.fingerprint:
        raise Refused("This run is with another peer.")
    if run.stage not in protocol.OPEN:
        raise Refused(f"Run {run.id[:8]} is {run.stage}: no {got.head.step} is read in it now. `openprm psi again` writes its result once more.")
    me, mine = folder.me(), folder.own_message(run)
    if got.head.step == CLOSE:
        ended = protocol.close(me, peer, run, mine, got, at=_now())
    else:
        ended = protocol.finish(me, peer, run, mine, got, at=_now(), tell=_progress("points"))
    return ended, _result(folder, ended)


def _result(folder: Folder, ended: protocol.Ended) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if ended.found is None:
        writer.writerows([["common"], [ended.common]])
        return text.getvalue().encode()
    rows = folder.rows(ended.run)
    found = [rows[place] for place in ended.found.tolist()]
    if not all(found):
        raise Refused("The other side says that filling of our list is in theirs. Its message was made by other software; nothing of it is kept.")
    writer.writerow(["id", "domain"])
    writer.writerows(sorted((one, domain) for domain, *ids in found for one in ids))
    return text.getvalue().encode()


def _hand_out(folder: Folder, begun: protocol.Begun, items: Items, prints: Any, name: str, out: Path) -> None:
    run = begun.run
    folder.keep_begun(begun, items, prints)
    journal.note(folder.root, folder.me(), _now(), run.stage, run=run.id, peer=name, mode=run.mode, purpose=begun.message.head.purpose, ours=run.size)
    _deliver(out, begun.message.to_bytes())
    _tell(f"Run {run.id[:8]} with {name}: {out} is for them ({len(begun.message.points):,} points, padded from {run.size:,} domains).")


def _deliver(file: Path, raw: bytes) -> None:
    try:
        put(file, raw)
    except OSError as odd:
        raise OSError(odd.errno, f"{odd.strerror}. The run is kept: `openprm psi again` writes the file once more", str(file)) from None


def _check_finish(got: Message, out: Path | None, receipt: Path | None) -> None:
    if got.head.step == ANSWER and receipt is None:
        raise Refused("Say with --receipt where the message goes that tells the other side the same as you learn.")
    if got.head.step == CLOSE and receipt is not None:
        raise Refused("This is the receipt of a run that we answered; there is none to make. Leave --receipt out.")
    if got.head.mode == REVEAL and out is None:
        raise Refused("Say with --out where the common domains go.")


def _check_out(*files: Path) -> None:
    for file in files:
        if not file.absolute().parent.is_dir():
            raise Refused(f"{file}: the folder {file.absolute().parent} is not there. Make it first.")
    if len({file.resolve() for file in files}) < len(files):
        raise Refused("Two of these files are the same. Write to another one.")


def _progress(what: str) -> Callable[[int, int], None]:
    def tell(done: int, all_of_them: int) -> None:
        if done % 50_000 == 0 or done == all_of_them:
            _tell(f"{what}: {done:,} of {all_of_them:,}")

    return tell


def _tell(said: str) -> None:
    click.echo(said, err=True)


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS = (psi,)
