"""What one side keeps when there is no database: its key, pinned peers, runs, and a journal. Every file appears whole or not at all."""

import base64
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openprm.audit.rules.canonical import stamp
from openprm.mapping.engine.psi import transcripts
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.items import Items, read_rows, rows_behind
from openprm.mapping.engine.psi.limits import REVEAL, Limits, Past
from openprm.mapping.engine.psi.messages import Message, read_file
from openprm.mapping.engine.psi.protocol import OPEN, Begun, Ended, Me, Peer, Run

OWN, LAST, ROWS, PRINTS, STATE, RESULT = "own.psi", "close.psi", "rows.jsonl", "prints.bin", "run.json", "result.csv"


class Folder:
    def __init__(self, root: Path):
        self.root = root
        for part in (root, root / "peers", root / "runs"):
            try:
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as odd:
                raise Refused(f"{part}: {odd.strerror or odd}.") from None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else works in this folder meanwhile: limits are counted right even when two people start at once."""
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(f"Another command is at work in {self.root}. Wait for it.") from None
            for draft in self.root.glob(".run-*"):  # of a command that was killed; its message never left
                shutil.rmtree(draft, ignore_errors=True)
            yield

    # our own keys

    def me(self) -> Me:
        pem = self._made_once("key.pem", _new_key)
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise Refused(f"{self.root / 'key.pem'}: holds no Ed25519 private key. Put it back from a copy.")
        return Me(key)

    def print_key(self) -> bytes:
        """The key of the fingerprints of our own lists; it never leaves this folder."""
        return self._made_once("prints.key", lambda: os.urandom(32))

    def _made_once(self, name: str, make: Callable[[], bytes]) -> bytes:
        file = self.root / name
        if not file.exists():
            put(file, make())
        return file.read_bytes()

    # peers

    def pin(self, name: str, public: bytes, limits: Limits) -> None:
        if not name or not name.replace("-", "").replace("_", "").isalnum() or len(name) > 60:
            raise Refused("Name the peer in letters, digits, - and _, at most 60.")
        for known in self._names():
            if known != name and self.peer(known).public == public:
                raise Refused(f"This key is pinned as {known}. A second name would open a second allowance.")
        if (self.root / "peers" / f"{name}.json").exists() and self.peer(name).public != public:
            raise Refused(f"{name} is pinned with another key. Make sure by another way that the new one is theirs, and pin it under a new name.")
        self.print_key()
        told = {"public": base64.b64encode(public).decode(), "limits": asdict(limits)}
        put(self.root / "peers" / f"{name}.json", json.dumps(told, indent=1).encode())

    def peer(self, name: str) -> Peer:
        file = self.root / "peers" / f"{name}.json"
        try:
            told = json.loads(file.read_text())
            return Peer(base64.b64decode(told["public"]), Limits(**told["limits"]))
        except FileNotFoundError:
            raise Refused(f"No peer is pinned as {name}. Pinned: {', '.join(self._names()) or 'none'}. See `openprm psi pin --help`.") from None
        except (ValueError, KeyError, TypeError):
            raise Refused(f"{file}: is damaged. Pin the peer again.") from None

    def reach(self, name: str, url: str, certificate: str) -> None:
        """Note where a pinned peer takes messages."""
        self.peer(name)
        put(self.root / "peers" / f"{name}.at", json.dumps({"url": url, "certificate": certificate}).encode())

    def reached(self, name: str) -> tuple[str, str]:
        """The address of a pinned peer, and the certificate that alone is trusted there."""
        try:
            told = json.loads((self.root / "peers" / f"{name}.at").read_text())
            return told["url"], told["certificate"]
        except FileNotFoundError:
            raise Refused(f"No address is known of {name}: `openprm psi reach {name} https://...`, or carry the file.") from None

    def peer_of(self, fingerprint: str) -> tuple[str, Peer]:
        """Whom a message names as its sender; a name is no proof, the signature is."""
        for name in self._names():
            if (peer := self.peer(name)).fingerprint == fingerprint:
                return name, peer
        raise Refused("The message comes from a key that is not pinned here. Pin it only after you have compared it with the other side by another way.")

    def _names(self) -> list[str]:
        return sorted(file.stem for file in (self.root / "peers").glob("*.json"))

    # runs

    def past(self, peer: Peer) -> tuple[Past, ...]:
        return tuple(self._past(run) for run in self.runs() if run.peer == peer.fingerprint)

    def _past(self, run: Run) -> Past:
        prints = np.fromfile(self._of(run.id) / PRINTS, np.uint64)
        return Past(run=run.id, started=run.started, mode=run.mode, prints=prints, is_open=run.stage in OPEN, leaked=run.leaked)

    def runs(self) -> tuple[Run, ...]:
        found = (self.run(file.parent.name) for file in (self.root / "runs").glob(f"*/{STATE}"))
        return tuple(sorted(found, key=lambda run: (run.started, run.id)))

    def run(self, named: str) -> Run:
        """The run whose id begins so."""
        found = [file.parent for file in (self.root / "runs").glob(f"*/{STATE}") if named and file.parent.name.startswith(named)]
        if len(found) != 1:
            raise Refused(f"{len(found) or 'No'} runs here begin with {named[:32]!r}. `openprm psi runs` lists them.")
        try:
            return _run(json.loads((found[0] / STATE).read_text()))
        except (ValueError, KeyError, TypeError):
            raise Refused(f"{found[0] / STATE}: is damaged.") from None

    def check_new(self, run: str) -> None:
        """Raises Refused when a run of this id is here already, with whomever."""
        if self._of(run).exists():
            raise Refused(f"The offer of run {run[:8]} was taken already, and an offer is answered once. `openprm psi again` writes the answer once more.")

    def own_message(self, run: Run) -> Message:
        """What we sent to begin or to answer the run."""
        return read_file(self._of(run.id) / OWN)

    def last_message(self, run: Run) -> bytes:
        """What we sent last, to be sent once more."""
        if run.stage in OPEN:
            return (self._of(run.id) / OWN).read_bytes()
        if (file := self._of(run.id) / LAST).exists():
            return file.read_bytes()
        raise Refused(f"Run {run.id[:8]} is {run.stage}; there is nothing of it to send.")

    def result(self, run: Run) -> bytes:
        try:
            return (self._of(run.id) / RESULT).read_bytes()
        except FileNotFoundError:
            raise Refused(f"Run {run.id[:8]} is {run.stage}; it has no result.") from None

    def keep_begun(self, begun: Begun, items: Items, prints: np.ndarray) -> None:
        """The run with its message, before the message leaves the house: whatever breaks later, it counts, and the message can be written again."""
        self.check_new(begun.run.id)
        draft = Path(tempfile.mkdtemp(dir=self.root, prefix=".run-"))
        try:
            put(draft / OWN, begun.message.to_bytes())
            put(draft / PRINTS, prints.tobytes())
            if begun.run.mode == REVEAL:
                put(draft / ROWS, rows_behind(begun.places, items))
            put(draft / STATE, _state(begun.run))
            os.rename(draft, self._of(begun.run.id))
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise

    def keep_ended(self, ended: Ended, result: bytes) -> None:
        put(self._of(ended.run.id) / RESULT, result)
        if ended.message:
            put(self._of(ended.run.id) / LAST, ended.message.to_bytes())
        self.keep(ended.run)

    def keep(self, run: Run) -> None:
        """The state alone; with a run that is over, what only an open one needs goes."""
        put(self._of(run.id) / STATE, _state(run))
        if run.stage not in OPEN:
            (self._of(run.id) / ROWS).unlink(missing_ok=True)
            (self._of(run.id) / OWN).unlink(missing_ok=True)

    def rows(self, run: Run) -> list[list[str]]:
        """Behind each of our points: the domain and the ids that have it, or nothing. Only runs that reveal keep them."""
        return read_rows((self._of(run.id) / ROWS).read_bytes())

    def _of(self, run: str) -> Path:
        return self.root / "runs" / run


def put(file: Path, raw: bytes) -> None:
    """Write a file that its owner alone reads; it appears whole or not at all."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(raw)
            part.flush()
            os.fsync(part.fileno())
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def public_key(text: str) -> bytes:
    """The public key that a person passes on, in base64. Raises Refused."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise Refused("This is no public key: it is the line of 44 signs that `openprm psi key` prints on the other side.") from None
    return raw


def _new_key() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _state(run: Run) -> bytes:
    told = {**run.__dict__, "started": stamp(run.started), "secret": run.secret.hex(), "heads": transcripts.plain(run.heads)}
    return json.dumps(told, indent=1, ensure_ascii=False).encode()


def _run(told: dict) -> Run:
    rest = {"started": datetime.fromisoformat(told["started"]), "secret": bytes.fromhex(told["secret"]), "heads": transcripts.kept(told["heads"])}
    return Run(**{**told, **rest})
