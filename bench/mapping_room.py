"""One pair of lists through the room as a worker takes it: read, compared, written; then again after 1 % of one list has changed.

    .venv/bin/python -m bench.mapping_room [--companies 100000]

Prints one line of JSON: seconds and CPU seconds of this process for filling both lists, the first comparison, the one after the
change by the same worker and by another one, a whole one, the ratios, the size of what is kept, and the seconds of the pages that
show the result. The server's work is in the seconds, not in the CPU seconds.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "src")]
os.environ["DJANGO_SETTINGS_MODULE"] = "openprm.config.testsettings"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--companies", type=int, default=100_000)
    count = asked.parse_args().companies
    from tests.journeys import shots

    with shots._database(keep=False):
        print(json.dumps(_measured(count)))


def _measured(count: int) -> dict[str, Any]:
    from django.test import Client
    from tests.cast import make_cast

    from openprm.kernel.clock import now
    from openprm.kernel.scope import scope, system_scope
    from openprm.mapping import queries, services
    from openprm.mapping.models import Comparison, Match
    from openprm.mapping.services import preparing
    from openprm.mapping.testing import connect, make_list

    with system_scope():
        cast = make_cast()
    at = now() - timedelta(minutes=5)
    told: dict[str, Any] = {"companies": count}
    lists = {}
    for actor, prefix in ((cast.vendor_admin, "v"), (cast.partner_admin, "p")):
        lists[prefix] = make_list(actor, level="all", at=at)
        rows = _rows(count, prefix)
        told[f"fill_{prefix}"] = _timed(lambda actor=actor, prefix=prefix, rows=rows: _fill(actor, lists[prefix], rows, at))
    connect(cast.vendor_admin, cast.partner_admin, at=at)

    def match() -> None:
        with system_scope():
            services.match(partner_id=cast.partner_id, at=at)

    told["first"] = _timed(match)
    changed = _rows(count, "v", changed=count // 100)[: count // 100]

    def change() -> None:
        with scope(cast.vendor_admin):
            services.put_rows(actor=cast.vendor_admin, population_id=lists["v"], rows=changed, at=at)

    told["change_rows"] = _timed(change)
    told["after_1_percent"] = _timed(match)
    changed = [replace(row, name=f"{row.name} AG") for row in changed]
    change()
    preparing.forget()
    told["after_1_percent_in_another_worker"] = _timed(match)
    with system_scope():
        Comparison.objects.all().delete()
    told["whole"] = _timed(match)
    for name in ("after_1_percent", "after_1_percent_in_another_worker"):
        told[f"ratio_cpu_{name}"] = round(told[name]["cpu"] / told["whole"]["cpu"], 2)
    with system_scope():
        told["matches"] = Match.objects.count()
        told["kept_mb"] = round(len(bytes(Comparison.objects.get().kept)) / 1e6, 1)
    client: Client = cast.client("vendor_admin")
    across = f"/app/account-mapping/partners/{cast.partner_id}/"
    pages = {
        "home": "/app/account-mapping/",
        "overview": across,
        "cell": f"{across}cells/{lists['v']}/{lists['p']}/",
        "white": f"{across}whitespace/{lists['p']}/",
    }
    pages |= {"search": f"{pages['cell']}?q=steel", "white_search": f"{pages['white']}?q=steel", "csv": f"{pages['cell']}?export=csv"}
    for name, address in pages.items():
        told[f"page_{name}"] = _timed(lambda address=address: _read(client, address))["seconds"]
    with scope(cast.vendor_admin):
        told["deals_in_common"] = queries.potential(cast.vendor_admin, cast.partner_id, at).deals
    return told


def _rows(count: int, prefix: str, *, changed: int = 0) -> list:
    """Half of the companies of either list are in the other one, most with another spelling, half without their domain."""
    from openprm.mapping.services import Row

    chance = Random(7)
    words = [
        f"{a}{b}"
        for a in ("Nord", "Ost", "Val", "Ker", "Lum", "Bri", "Tor", "Gra", "Mel", "Sal", "Fen", "Har")
        for b in ("mar", "vik", "dal", "stad", "heim", "berg", "lund", "ora", "ina", "tek")
    ]
    ends = ("Steel", "Foods", "Energy", "Logistics", "Pharma", "Works", "Systems", "Paper")
    found = []
    for number in range(count):
        shared = number < count // 2
        name = f"{chance.choice(words)} {chance.choice(words)} {chance.choice(ends)} {number if shared else f'{prefix}{number}'}"
        if number < changed:
            name += " Group"
        domain = f"c{number}{'' if shared else prefix}.com" if number % 2 else ""
        deals = ((f"{prefix}{number}", 1000_00, "EUR", "lead"),) if number % 5 == 0 else ()
        found.append(Row(key=f"{prefix}{number}", name=f"{name} {'Oy' if prefix == 'v' else 'Ltd'}", domain=domain, country="FI", deals=deals))
    return found


def _fill(actor: Any, population_id: Any, rows: list, at: Any) -> None:
    from openprm.kernel.scope import scope
    from openprm.mapping import services

    with scope(actor):
        services.replace_rows(actor=actor, population_id=population_id, rows=rows, at=at)


def _read(client: Any, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    if response.streaming:
        for _part in response.streaming_content:
            pass


def _timed(work: Callable[[], Any]) -> dict[str, float]:
    wall, cpu = time.monotonic(), time.process_time()
    work()
    return {"seconds": round(time.monotonic() - wall, 1), "cpu": round(time.process_time() - cpu, 1)}


if __name__ == "__main__":
    main()
