"""What the commands of `openprm psi` have in common: lists in, messages and results out, and never half of one."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from openprm.mapping.engine.psi import journal, protocol
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.folder import Folder, put
from openprm.mapping.engine.psi.items import Items, of_found
from openprm.mapping.engine.psi.limits import REVEAL
from openprm.mapping.engine.psi.messages import ANSWER, CLOSE, Message


def read_items(file: Path, redirects: Path | None) -> Items:
    from openprm.mapping.engine.psi import lists  # half of the time it takes to start; `finish` reads no list

    told = lists.read(file, redirects)
    for note in told.notes:
        tell(f"{file}: {note}")
    tell(f"{file}: {len(told.items):,} domains; {told.left_out:,} rows without one are left out")
    return told.items


def sender_of(folder: Folder, got: Message) -> str:
    """Whoever the message says; our own messages are told apart before anybody is looked up."""
    if got.head.sender == folder.me().fingerprint:
        raise Refused("This message is our own. The other side's is needed.")
    return got.head.sender


@contextmanager
def refusals_noted(folder: Folder, name: str, got: Message) -> Iterator[None]:
    """What a peer sent and was refused stands in the journal."""
    try:
        yield
    except Refused as why:
        journal.note(folder.root, folder.me(), now(), "refused", run=got.head.run, peer=name, step=got.head.step, why=str(why))
        raise


def end(folder: Folder, peer: protocol.Peer, got: Message) -> tuple[protocol.Ended, bytes]:
    run = folder.run(got.head.run)
    if run.peer != peer.fingerprint:
        raise Refused("This run is with another peer.")
    if run.stage not in protocol.OPEN:
        raise Refused(f"Run {run.id[:8]} is {run.stage}: no {got.head.step} is read in it now. `openprm psi again` writes its result once more.")
    me, mine = folder.me(), folder.own_message(run)
    if got.head.step == CLOSE:
        ended = protocol.close(me, peer, run, mine, got, at=now())
    else:
        ended = protocol.finish(me, peer, run, mine, got, at=now(), tell=progress("points"))
    return ended, result_of(folder, ended)


def result_of(folder: Folder, ended: protocol.Ended) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if ended.found is None:
        writer.writerows([["common"], [ended.common]])
        return text.getvalue().encode()
    found = of_found(folder.rows(ended.run), ended.found)
    writer.writerow(["id", "domain"])
    writer.writerows(sorted((one, domain) for domain, *ids in found for one in ids))
    return text.getvalue().encode()


def hand_out(folder: Folder, begun: protocol.Begun, items: Items, prints: Any, name: str, out: Path) -> None:
    run = begun.run
    folder.keep_begun(begun, items, prints)
    journal.note(folder.root, folder.me(), now(), run.stage, run=run.id, peer=name, mode=run.mode, purpose=begun.message.head.purpose, ours=run.size)
    deliver(out, begun.message.to_bytes())
    tell(f"Run {run.id[:8]} with {name}: {out} is for them ({len(begun.message.points):,} points, padded from {run.size:,} domains).")


def deliver(file: Path, raw: bytes) -> None:
    try:
        put(file, raw)
    except OSError as odd:
        raise OSError(odd.errno, f"{odd.strerror}. The run is kept: `openprm psi again` writes the file once more", str(file)) from None


def check_asked(got: Message, out: Path | None, receipt: Path | None) -> None:
    if got.head.step == ANSWER and receipt is None:
        raise Refused("Say with --receipt where the message goes that tells the other side the same as you learn.")
    if got.head.step == CLOSE and receipt is not None:
        raise Refused("This is the receipt of a run that we answered; there is none to make. Leave --receipt out.")
    if got.head.mode == REVEAL and out is None:
        raise Refused("Say with --out where the common domains go.")


def check_files(*files: Path) -> None:
    for file in files:
        if not file.absolute().parent.is_dir():
            raise Refused(f"{file}: the folder {file.absolute().parent} is not there. Make it first.")
    if len({file.resolve() for file in files}) < len(files):
        raise Refused("Two of these files are the same. Write to another one.")


def progress(what: str) -> Callable[[int, int], None]:
    def say(done: int, all_of_them: int) -> None:
        if done % 50_000 == 0 or done == all_of_them:
            tell(f"{what}: {done:,} of {all_of_them:,}")

    return say


def tell(said: str) -> None:
    click.echo(said, err=True)


def now() -> datetime:
    return datetime.now(UTC)
