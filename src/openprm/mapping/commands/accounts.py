"""Two lists of companies on one machine, without a database: which of them are the same."""

from dataclasses import dataclass
from pathlib import Path

import click
import pyarrow as pa

from openprm.analytics.spark import SparkMissing, spark_configured, spark_master, spark_session
from openprm.mapping.engine.companies import Companies, read_companies
from openprm.mapping.engine.distributed import matches_on
from openprm.mapping.engine.domains import read_redirects
from openprm.mapping.engine.files import Unreadable, read_list, read_pairs, write_pairs
from openprm.mapping.engine.matching import THRESHOLD, Matches, compare

NEEDS_DJANGO = False
WRONG_INPUT = 2
_LIST = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class _Asked:
    left: Path
    right: Path
    redirects: Path | None
    threshold: float
    one_to_one: bool
    out: Path


@click.command("map-accounts")
@click.argument("left", type=_LIST)
@click.argument("right", type=_LIST)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the pairs go: left_id, right_id, score, matched_on.")
@click.option("--threshold", type=click.FloatRange(0, 1), default=THRESHOLD, show_default=True, help="The lowest score of a pair that is written.")
@click.option("--one-to-one", is_flag=True, help="Each company in one pair at most.")
@click.option("--redirects", type=_LIST, help="A CSV file of domains that lead to others: old, new.")
def map_accounts(left: Path, right: Path, out: Path, threshold: float, one_to_one: bool, redirects: Path | None) -> None:
    """Find the companies that are in both LEFT.csv and RIGHT.csv.

    Columns: id, name, domain, country, city, and lei, duns, vat where known; all but id and name may be missing.
    Where OPENPRM_ANALYTICS names a Spark master the comparison runs there and finds the same pairs.
    Ends with 0 when the pairs are written, 2 when a file is wrong: then the row is named and nothing is written.
    """
    asked = _Asked(left, right, redirects, threshold, one_to_one, out)
    try:
        _check_out(asked)
        _run(asked)
    except Unreadable as wrong:
        click.echo(str(wrong), err=True)
        raise SystemExit(WRONG_INPUT) from None
    except SparkMissing as missing:
        click.echo(f"{missing} Nothing was written.", err=True)
        raise SystemExit(1) from None
    except OSError as odd:
        click.echo(f"{out}: {odd.strerror or odd}. Nothing was written.", err=True)
        raise SystemExit(1) from None


def _check_out(asked: _Asked) -> None:
    if not asked.out.absolute().parent.is_dir():
        raise Unreadable(f"{asked.out}: the folder {asked.out.absolute().parent} is not there. Make it first.")
    if asked.out.resolve() in (asked.left.resolve(), asked.right.resolve()):
        raise Unreadable(f"{asked.out}: is one of the lists. Write the pairs to another file.")


@dataclass(frozen=True)
class _List:
    """A file as columns of text and as companies."""

    columns: dict[str, pa.Array]
    companies: Companies


def _run(asked: _Asked) -> None:
    session = spark_session() if spark_configured() else None
    redirects = read_redirects(read_pairs(asked.redirects)) if asked.redirects else None
    left, right = _read(asked.left, redirects), _read(asked.right, redirects)
    if session:
        _tell(f"compared by Spark at {spark_master()}")
        more = {"threshold": asked.threshold, "one_only": asked.one_to_one, "redirects": redirects}
        found = matches_on(session, left.columns, right.columns, tell=_tell, **more)
    else:
        mapping = compare(left.companies, right.companies, only_open=asked.one_to_one, tell=_tell)
        found = mapping.matches(threshold=asked.threshold, one_only=asked.one_to_one)
    _write(asked.out, left.companies, right.companies, found)
    _tell(f"{len(found.left):,} pairs written to {asked.out}")


def _read(file: Path, redirects: dict[str, str] | None) -> _List:
    told = read_list(file)
    companies = read_companies(told.columns, redirects)
    _tell(f"{file}: {len(companies):,} companies")
    for note in told.notes:
        _tell(f"{file}: {note}")
    if companies.nameless:
        without = f"{companies.unknowable:,} of them have no domain or identifier either and were not compared at all"
        _tell(f"{file}: {companies.nameless:,} rows without a name were not compared by name; {without}")
    return _List(told.columns, companies)


def _write(out: Path, left: Companies, right: Companies, found: Matches) -> None:
    ids = (companies.ids.take(pa.array(rows)).to_pylist() for companies, rows in ((left, found.left), (right, found.right)))
    write_pairs(out, zip(*ids, found.score.tolist(), found.matched_on, strict=True))


def _tell(said: str) -> None:
    click.echo(said, err=True)


COMMANDS = (map_accounts,)
