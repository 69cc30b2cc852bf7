"""How long two lists of companies take to be matched, beside the floor and the peers that can be imported.

    .venv/bin/python bench/mapping_speed.py [--sizes 10000,100000,1000000] [--peers PYTHON] [--largest-peer 100000] [--folder FOLDER]

Lists of corrupted real names with known matches (bench/companies.py). Every run is a process of its own; measured are its CPU seconds (user and
system, children included), its wall time and its peak memory. Ours is the command itself, `openprm map-accounts --one-to-one`, start and files
included; its F1 is that of the pairs it wrote at its own threshold. Floor (read both files, join by domain, then by cleaned name) and peers are
judged one to one at their best threshold. --largest-peer keeps slow peers (all but the floor and splink) from the largest lists.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.companies import there, two_lists
from bench.mapping_quality import judged, read_links

ROOT = Path(__file__).resolve().parents[1]
EASY = ("floor", "splink")
SLOW = ("string_grouper", "recordlinkage")


@dataclass(frozen=True)
class Run:
    cpu: float
    wall: float
    peak_mb: float
    ok: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--largest-peer", type=int, default=100_000, help="rows a side up to which slow peers run")
    parser.add_argument("--folder", type=Path, help="where the lists are kept between runs")
    asked = parser.parse_args()
    if not there():
        print("The labelled lists are not here: there are no real names to make lists of.")
        return
    with TemporaryDirectory() as passing:
        for size in map(int, asked.sizes.split(",")):
            measure(size, (asked.folder or Path(passing)) / str(size), asked)


def measure(size: int, folder: Path, asked: argparse.Namespace) -> None:
    if not (folder / "links.csv").exists():
        folder.mkdir(parents=True, exist_ok=True)
        two_lists(size, folder)
    links = read_links(folder / "links.csv")
    ours, f1 = _ours(folder, links)
    print(f"{size:>9,} a side  ours            F1 {f1:.4f}  {_said(ours)}", flush=True)
    for peer in (*EASY, *(SLOW if size <= asked.largest_peer else ())):
        run, out = _child([asked.peers, str(ROOT / "bench/mapping_peers.py"), peer, str(folder / "LEFT.csv"), str(folder / "RIGHT.csv")], folder / "peer.json")
        if not run.ok:
            print(f"{'':>9}         {peer:15} not installed, or it failed: not measured", flush=True)
            continue
        pairs = json.loads(out.read_text().splitlines()[-1])["pairs"]
        theirs = judged(pairs, links, one_only=True)[0]
        print(f"{'':>9}         {peer:15} F1 {theirs:.4f}  {_said(run)}  CPU ours/theirs {ours.cpu / run.cpu:.2f}", flush=True)
        out.unlink()


def _ours(folder: Path, links: set) -> tuple[Run, float]:
    out = folder / "pairs.csv"
    command = [
        str(Path(sys.executable).parent / "openprm"),
        "map-accounts",
        str(folder / "LEFT.csv"),
        str(folder / "RIGHT.csv"),
        "--one-to-one",
        "--out",
        str(out),
    ]
    run, _printed = _child(command, folder / "ours.txt")
    found = [(row["left_id"], row["right_id"]) for row in csv.DictReader(out.open(encoding="utf-8"))]
    true = sum(pair in links for pair in found)
    return run, 2 * true / max(len(found) + len(links), 1)


def _child(command: list[str], out: Path) -> tuple[Run, Path]:
    """Run a command with its output in a file; what it used is what the kernel says of it."""
    started = time.perf_counter()
    with out.open("wb") as printed, (out.parent / "stderr.txt").open("wb") as errors:
        process = subprocess.Popen(command, stdout=printed, stderr=errors)
        _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024, process.returncode == 0), out


def _said(run: Run) -> str:
    return f"CPU {run.cpu:6.1f} s  wall {run.wall:6.1f} s  peak {run.peak_mb:6.0f} MB"


if __name__ == "__main__":
    main()
