"""What a private set intersection takes, beside the raw speed of the library that does the curve.

    nice -n 19 .venv/bin/python bench/psi.py [--sizes 10000,100000,1000000] [--reveal] [--no-protocol]

Two made-up lists of each size, half of them common. Commands: `openprm psi offer, answer, finish, finish` themselves, each a process of its own, with
start, reading and normalising the lists, padding, guards, signatures and files. Protocol: the same without commands and files, on domains that are
ready, in one process; every message is spelled and read. Raw: the library's own client and server on texts that are ready, in one process: setup,
request, response, intersection; it tells one side only, ours both. Measured are CPU seconds (user and system), wall time, peak memory of the largest
process and the bytes that travel. Ratios are CPU seconds to those of raw.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

OPENPRM = str(Path(sys.executable).parent / "openprm")
RAW = """
import sys
import private_set_intersection.python as psi
size = int(sys.argv[1])
server, client = psi.server.CreateWithNewKey(True), psi.client.CreateWithNewKey(True)
setup = server.CreateSetupMessage(1e-9, size, [f"company{n}.com" for n in range(size // 2, size // 2 + size)], psi.DataStructure.RAW)
request = client.CreateRequest([f"company{n}.com" for n in range(size)])
response = server.ProcessRequest(request)
print(len(client.GetIntersection(setup, response)), sum(len(part.SerializeToString()) for part in (setup, request, response)))
"""
PROTOCOL = """
import sys
from datetime import UTC, datetime, timedelta
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openprm.mapping.engine.psi import limits, protocol
from openprm.mapping.engine.psi.items import Items
from openprm.mapping.engine.psi.messages import read
size, mode, at = int(sys.argv[1]), sys.argv[2], datetime.now(UTC)
one, other = (protocol.Me(Ed25519PrivateKey.generate()) for _ in range(2))
peers = [protocol.Peer(me.key.public_key().public_bytes_raw(), limits.Limits(most=max(size, 1000))) for me in (other, one)]
lists = [tuple(f"company{n}.com" for n in range(start, start + size)) for start in (0, size // 2)]
items = [Items(domains, tuple((domain,) for domain in domains)) for domains in lists]
prints = [limits.prints(domains, b"key") for domains in lists]
offered = protocol.offer(one, peers[0], items[0], (), prints[0], mode=mode, purpose="bench", at=at, life=timedelta(days=1))
sent = [offered.message.to_bytes()]
answered = protocol.answer(other, peers[1], read(sent[0]), items[1], (), prints[1], consent=mode, at=at)
sent.append(answered.message.to_bytes())
finished = protocol.finish(one, peers[0], offered.run, offered.message, read(sent[1]), at=at)
sent.append(finished.message.to_bytes())
closed = protocol.close(other, peers[1], answered.run, answered.message, read(sent[2]), at=at)
assert closed.common == finished.common
print(closed.common, sum(map(len, sent)))
"""


@dataclass(frozen=True)
class Used:
    cpu: float
    wall: float
    peak_mb: float
    said: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--reveal", action="store_true", help="the common names instead of a count")
    parser.add_argument("--no-protocol", action="store_true", help="leave the run in one process out")
    asked = parser.parse_args()
    for size in map(int, asked.sizes.split(",")):
        with TemporaryDirectory() as folder:
            measure(size, Path(folder), ["--reveal"] if asked.reveal else [], protocol_too=not asked.no_protocol)


def measure(size: int, desk: Path, mode: list[str], *, protocol_too: bool) -> None:
    """The library's raw run first, so that every line can say its ratio as soon as it is measured."""
    raw = _run(desk, sys.executable, "-c", RAW, str(size))
    _tell(size, "raw", raw, raw)
    _two_companies(size, desk)
    steps = {}
    for name, command in _commands(desk, mode).items():
        steps[name] = _run(desk, *command)
        print(f"{'':>9}  {name:8}  CPU {steps[name].cpu:7.1f} s  wall {steps[name].wall:7.1f} s  peak {steps[name].peak_mb:6.0f} MB", flush=True)
    told = [json.loads(steps[name].said)["common"] for name in ("finish", "close")]
    sent = sum((desk / name).stat().st_size for name in ("offer.psi", "answer.psi", "receipt.psi"))
    used = steps.values()
    _tell(size, "commands", Used(sum(one.cpu for one in used), sum(one.wall for one in used), max(one.peak_mb for one in used), f"{told[0]} {sent}"), raw)
    if told != [size // 2] * 2:
        raise SystemExit(f"{told} are said to be common; {size // 2} are")
    if protocol_too:
        _tell(size, "protocol", _run(desk, sys.executable, "-c", PROTOCOL, str(size), "reveal" if mode else "count"), raw)


def _tell(size: int, name: str, run: Used, raw: Used) -> None:
    common, wire = map(int, run.said.split())
    if common != size // 2:
        raise SystemExit(f"{name} says {common} are common; {size // 2} are")
    used = f"CPU {run.cpu:7.1f} s  wall {run.wall:7.1f} s  peak {run.peak_mb:6.0f} MB  wire {wire:>12,} bytes  CPU/raw {run.cpu / raw.cpu:.2f}"
    print(f"{size:>9,}  {name:8}  {used}", flush=True)


def _two_companies(size: int, desk: Path) -> None:
    keys = {}
    for name, start in (("acme", 0), ("bolt", size // 2)):
        lines = (f"{name[0]}{n},https://www.company{n}.com/about\n" for n in range(start, start + size))
        (desk / f"{name}.csv").write_text("id,domain\n" + "".join(lines))
        keys[name] = _run(desk, OPENPRM, "psi", "--home", name, "key").said.strip()
    for name, other in (("acme", "bolt"), ("bolt", "acme")):
        _run(desk, OPENPRM, "psi", "--home", name, "pin", other, keys[other], "--most", str(max(size, 1000)))


def _commands(desk: Path, mode: list[str]) -> dict[str, list[str]]:
    acme, bolt = ([OPENPRM, "psi", "--home", name] for name in ("acme", "bolt"))
    return {
        "offer": [*acme, "offer", "acme.csv", "--to", "bolt", "--out", "offer.psi", "--purpose", "bench", *mode],
        "answer": [*bolt, "answer", "offer.psi", "bolt.csv", "--out", "answer.psi", *mode],
        "finish": [*acme, "finish", "answer.psi", "--receipt", "receipt.psi", "--out", "acme-common.csv"],
        "close": [*bolt, "finish", "receipt.psi", "--out", "bolt-common.csv"],
    }


def _run(desk: Path, *command: str) -> Used:
    """Run a command; what it used is what the kernel says of it."""
    started = time.perf_counter()
    with (desk / "stdout").open("w+") as out, (desk / "stderr").open("w+") as errors:
        process = subprocess.Popen(command, stdout=out, stderr=errors, cwd=desk)
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit((desk / "stderr").read_text())
    return Used(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024, (desk / "stdout").read_text())


if __name__ == "__main__":
    main()
