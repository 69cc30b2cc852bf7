"""Attribution from a file of touches, against a bare group-by of the same file and against the best peers.

    .venv/bin/python bench/attribution.py [--touches 1000000] [--partners 50 500] [--peers PYTHON] [--csv]

Each line is one measurement in a process of its own: CPU seconds after the imports, and the most memory it ever held. Ours goes
from the file to the credit. The peers read it too, but neither reading nor putting the data into the shape they ask for counts
for them: only their own calls do. The last line holds the ratios and what was aimed at.

The peers are no dependencies. Make an environment for them outside of the project and name its interpreter:
    uv venv /tmp/peers && uv pip install -p /tmp/peers/bin/python ChannelAttribution matplotlib marketing-attribution-models
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

RULES = ("first", "last", "linear", "time-decay", "u-shaped", "w-shaped")
EVERY_MODEL = (*RULES, "z-shaped", "position-decay", "markov", "markov-per-deal", "shapley", "shapley-ordered", "logistic")
MOST_FOR_MARKOV_2, MOST_FOR_MARKOV_3 = 500, 50
PEERS = ("marketing-attribution-models", "ChannelAttribution")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touches", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--partners", type=int, nargs="+", default=[50, 500])
    parser.add_argument("--peers", default=sys.executable, help="the interpreter that has the peers")
    parser.add_argument("--csv", action="store_true", help="a CSV file instead of Parquet, for us and for the floor")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        name, file, partners = asked.child
        print(json.dumps(CHILDREN[name](Path(file), int(partners))))
        return
    for touches in asked.touches:
        for partners in asked.partners:
            compare(touches, partners, asked.peers, asked.csv)


def compare(touches: int, partners: int, peers: str, as_csv: bool) -> None:
    with TemporaryDirectory(prefix="openprm-bench-") as folder:
        parquet = Path(folder) / "touches.parquet"
        made(parquet, touches, partners)
        ours = _as_csv(parquet) if as_csv else parquet
        print(f"== {touches:,} touches, {partners} partners, {ours.suffix} of {ours.stat().st_size / 1e6:,.0f} MB", file=sys.stderr)
        names = ["floor", "floor by partner", "rules", "rules and markov", "every model"]
        names += [name for name, most in (("markov 2", MOST_FOR_MARKOV_2), ("markov 3", MOST_FOR_MARKOV_3)) if partners <= most]
        found = {name: run(name, sys.executable, ours, partners) for name in names}
        found |= {name: run(name, peers, parquet, partners) for name in PEERS}
        for name, figures in found.items():
            print(json.dumps({"what": name, **figures}))
        print(json.dumps({"touches": touches, "partners": partners, "file": ours.suffix, **ratios(found, partners)}), flush=True)


def run(name: str, python: str, file: Path, partners: int) -> dict:
    done = subprocess.run([python, __file__, "--child", name, str(file), str(partners)], capture_output=True, text=True)
    if done.returncode:
        return {"missing": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"ended with {done.returncode}"}
    return json.loads(done.stdout.splitlines()[-1])


def ratios(found: dict, partners: int) -> dict:
    ours, rules, floor = found["rules and markov"], found["rules"], found["floor"]
    answer: dict = {"rules_to_floor": round(rules["cpu_seconds"] / floor["cpu_seconds"], 2), "aim_rules_to_floor": 3.0}
    for peer, aim in zip(PEERS, (0.1, 0.5), strict=True):
        theirs = found[peer]
        if "missing" in theirs:
            answer[peer] = f"not measured: {theirs['missing']}"
            continue
        answer[f"cpu_to_{peer}"], answer[f"aim_cpu_to_{peer}"] = round(ours["cpu_seconds"] / theirs["cpu_seconds"], 3), aim
        answer[f"memory_to_{peer}"] = round(ours["memory_mb"] / theirs["memory_mb"], 3)
    if "markov 2" not in found:
        return answer | {"markov 2": f"not measured: over {MOST_FOR_MARKOV_2} partners it takes many minutes"}
    return answer | {"markov_2_cpu_seconds_after_counting": found["markov 2"]["cpu_seconds_after_counting"], "aim_markov_2": 2.0}


def made(file: Path, touches: int, partners: int) -> None:
    """A fifth of the journeys are won; four touches on average, a few partners do most of them; rows in no order."""
    import duckdb

    duck = duckdb.connect(config={"threads": 1})
    duck.execute("select setseed(0.5)")
    duck.execute(
        f"""create table journeys as select 'D-' || lpad(i::varchar, 8, '0') as journey_id, (1 + floor(ln(random()) / ln(0.75)))::int as many,
            random() < 0.2 as won, round(exp(9 + random() * 2 - 1), 2) as worth, timestamp '2025-01-01' + to_seconds((random() * 300 * 86400)::bigint) as opened
            from range({touches // 4}) t(i)"""
    )
    duck.execute(
        f"""copy (select * from (select journey_id, 'partner-' || lpad(floor({partners} * pow(random(), 2.5))::int::varchar, 4, '0') as partner,
            opened + to_seconds((random() * 60 * 86400)::bigint) as "at", case when won then worth else 0 end as value, won::tinyint as converted
            from (select *, unnest(range(many)) from journeys)) order by hash(journey_id || "at"::varchar)) to '{file}' (format parquet)"""
    )


def _as_csv(parquet: Path) -> Path:
    import duckdb

    file = parquet.with_suffix(".csv")
    duckdb.connect(config={"threads": 1}).execute(f"copy (select * from '{parquet}') to '{file}'")
    return file


class Measured:
    """CPU seconds of this process, and its memory, from here on."""

    def __init__(self) -> None:
        self._since = time.process_time()

    def seconds(self) -> float:
        return round(time.process_time() - self._since, 2)

    def figures(self, **more: object) -> dict:
        return {"cpu_seconds": self.seconds(), "memory_mb": _most_memory() // 1024, **more}


def _most_memory() -> int:
    """In kilobytes. What the system counts for a process includes what the one that started it once held; its own page does not."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def _floor(file: Path, _partners: int) -> dict:
    """Touches, value and times of each journey: what nobody who divides journeys can do without."""
    return _grouped(
        file, 'select count(*), sum(n) from (select journey_id, count(*) as n, max(value::double), min("at"), max("at") from {file} group by journey_id)'
    )


def _floor_by_partner(file: Path, _partners: int) -> dict:
    return _grouped(file, "select partner, count(*), sum(value::double) from {file} group by partner")


def _grouped(file: Path, query: str) -> dict:
    import duckdb

    duck, source = duckdb.connect(), f"read_csv('{file}', all_varchar=true)" if file.suffix == ".csv" else f"read_parquet('{file}')"
    measured = Measured()
    duck.sql(query.format(file=source)).fetchall()
    return measured.figures()


def _ours(file: Path, names: tuple[str, ...]) -> dict:
    from openprm.attribution.engine.models import Settings
    from openprm.attribution.engine.reading.source import journeys_in
    from openprm.attribution.engine.running import attribute

    measured = Measured()
    with journeys_in(file) as source:
        result = attribute(source, names, Settings())
    assert len(result.credit) == len(names)
    return measured.figures()


def _markov(file: Path, order: int) -> dict:
    from openprm.attribution.engine.markov.counting import Counter
    from openprm.attribution.engine.markov.removal import removal_effects
    from openprm.attribution.engine.reading.source import journeys_in

    measured = Measured()
    with journeys_in(file) as source:
        counter = Counter(len(source.partners), order)
        for block in source.blocks():
            counter.add(block)
        counts = counter.counts()
        counted = measured.seconds()
        removal_effects(counts, len(source.partners))
    return measured.figures(states=len(counts.states), cpu_seconds_after_counting=round(measured.seconds() - counted, 2))


def _mam(file: Path, _partners: int) -> dict:
    import polars as pl
    from mam import MAM

    touches = pl.read_parquet(file).with_columns(pl.col("converted").cast(pl.Boolean))
    columns = {"datetime_colname": "at", "user_id_colname": "journey_id", "conversion_value_colname": "value"}
    measured = Measured()
    models = MAM(touches, "session", "partner", "converted", **columns)
    for name in ("first_click", "last_click", "linear", "position_based", "time_decay", "markov"):
        getattr(models, f"run_{name}")()
    return measured.figures(models="five rules, markov 1")


def _channel_attribution(file: Path, _partners: int) -> dict:
    import ChannelAttribution
    import pandas as pd

    started = Measured()
    touches = pd.read_parquet(file).sort_values(["journey_id", "at"], kind="stable")
    paths = touches.groupby("journey_id", sort=False).agg(path=("partner", " > ".join), value=("value", "max"), won=("converted", "max")).reset_index(drop=True)
    paths["lost"] = 1 - paths.won
    del touches
    preparing, measured = started.seconds(), Measured()
    ChannelAttribution.heuristic_models(paths, "path", "won", var_value="value", flg_pro=False)
    ChannelAttribution.markov_model(paths, "path", "won", var_value="value", var_null="lost", order=1, verbose=False, flg_pro=False)
    return measured.figures(models="three rules, markov 1 simulated to 5 %", cpu_seconds_of_preparing=preparing)


CHILDREN = {
    "floor": _floor,
    "floor by partner": _floor_by_partner,
    "rules": lambda file, _partners: _ours(file, RULES),
    "rules and markov": lambda file, _partners: _ours(file, (*RULES, "markov")),
    "every model": lambda file, _partners: _ours(file, EVERY_MODEL),
    "markov 2": lambda file, _partners: _markov(file, 2),
    "markov 3": lambda file, _partners: _markov(file, 3),
    "marketing-attribution-models": _mam,
    "ChannelAttribution": _channel_attribution,
}

if __name__ == "__main__":
    main()
