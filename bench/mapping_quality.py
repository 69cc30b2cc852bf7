"""How well companies are matched on the labelled lists, beside the best peers that can be imported.

    .venv/bin/python bench/mapping_quality.py [--peers PYTHON]

For each labelled set in ../shared/data/mapping: precision, recall and F1 one to one (listings_figi, where a firm has several listings, one
firm for each listing) at the best threshold, the same at the engine's own threshold, and F1 with weights that were learned without the set.
Every row of either list may be matched, so a match of a row without a link counts as false.

Peers are not dependencies. --peers names a Python in which they are installed (recordlinkage, string-grouper, splink); without it those are
tried that this Python has. What is not there is said.
"""

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.companies import MAPPING, there

SETS = ("compustat_orbis", "fortune500_fd", "listings_figi")
MANY_RIGHT = ("listings_figi",)
PEERS = ("floor", "string_grouper", "recordlinkage", "splink")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    asked = parser.parse_args()
    if not there():
        print("The labelled lists are not here: nothing was measured.")
        return
    for name in SETS:
        measured = ours(name)
        print(f"{name}: at its best threshold F1 {measured['f1']:.4f} (precision {measured['precision']:.4f}, recall {measured['recall']:.4f}, from {measured['at']:.2f});"
              f" at 0.5 F1 {measured['own']['f1']:.4f} (precision {measured['own']['precision']:.4f}, recall {measured['own']['recall']:.4f})")  # fmt: skip
        for peer in PEERS:
            theirs = peer_result(asked.peers, peer, MAPPING / name / "A.csv", MAPPING / name / "B.csv")
            if theirs is None:
                print(f"  {peer}: not installed, not measured")
                continue
            f1, precision, recall, _at = judged(theirs, read_links(MAPPING / name / "links.csv"), one_only=name not in MANY_RIGHT)
            print(f"  {peer}: F1 {f1:.4f} (precision {precision:.4f}, recall {recall:.4f}); ours/theirs {measured['f1'] / f1:.4f}")


def ours(name: str) -> dict:
    from openprm.mapping.engine.matching import THRESHOLD, compare

    left, right, links = read_set(MAPPING / name, "A.csv", "B.csv")
    one_only = name not in MANY_RIGHT
    found = compare(left, right, only_open=one_only).matches(threshold=0.0005, one_only=one_only)
    pairs = list(zip(found.left.tolist(), found.right.tolist(), found.score.tolist(), strict=True))
    f1, precision, recall, at = judged(pairs, links, one_only=one_only)
    own = [pair for pair in _chosen(pairs, one_only) if pair[2] >= THRESHOLD]
    true = sum(pair[:2] in links for pair in own)
    p, r = true / max(len(own), 1), true / len(links)
    return {"f1": f1, "precision": precision, "recall": recall, "at": at, "own": {"f1": 2 * p * r / max(p + r, 1e-9), "precision": p, "recall": r}}


def judged(pairs: list, links: set, *, one_only: bool) -> tuple[float, float, float, float]:
    chosen = _chosen(pairs, one_only)
    return best_f1(np.array([pair[2] for pair in chosen]), np.array([tuple(pair[:2]) in links for pair in chosen], bool), len(links))


def _chosen(pairs: list, one_only: bool) -> list:
    """The best pairs first, each right row once, and with `one_only` each left row too."""
    left, right, found = set(), set(), []
    for pair in sorted(pairs, key=lambda pair: -pair[2]):
        if pair[1] in right or (one_only and pair[0] in left):
            continue
        left.add(pair[0])
        right.add(pair[1])
        found.append(pair)
    return found


def best_f1(score: np.ndarray, true: np.ndarray, links: int) -> tuple[float, float, float, float]:
    """(F1, precision, recall, threshold) at the threshold with the highest F1."""
    if not len(score):
        return 0.0, 0.0, 0.0, 0.0
    order = np.argsort(-score, kind="stable")
    score, true = score[order], true[order]
    right = np.cumsum(true)
    precision, recall = right / np.arange(1, len(true) + 1), right / links
    f1 = np.where(np.r_[score[1:] != score[:-1], True], 2 * precision * recall / np.maximum(precision + recall, 1e-9), 0)
    best = int(f1.argmax())
    return float(f1[best]), float(precision[best]), float(recall[best]), float(score[best])


def read_set(folder: Path, left_file: str, right_file: str) -> tuple:
    from openprm.mapping.engine.companies import read_companies
    from openprm.mapping.engine.files import read_list

    left, right = (read_companies(read_list(folder / file).columns) for file in (left_file, right_file))
    places = [{key: row for row, key in enumerate(side.ids.to_pylist())} for side in (left, right)]
    return left, right, {(places[0][a], places[1][b]) for a, b in read_links(folder / "links.csv")}


def read_links(file: Path) -> set:
    return {(row["a"], row["b"]) for row in csv.DictReader(file.open(encoding="utf-8"))}


def peer_result(python: str, peer: str, left: Path, right: Path) -> list | None:
    """(left id, right id, score) as a peer finds them, in a process of its own; None when it is not installed."""
    done = subprocess.run(
        [python, str(Path(__file__).resolve().parents[1] / "bench/mapping_peers.py"), peer, str(left), str(right)], capture_output=True, text=True, check=False
    )
    return json.loads(done.stdout.splitlines()[-1])["pairs"] if done.returncode == 0 else None


if __name__ == "__main__":
    main()
