"""What the vendor sells by itself, as its CRM has it; with some of it partners helped, and lists of guests and workshops say so."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.attribution import services as attribution
from openprm.deals import queries as deal_queries
from openprm.deals.services import bulk
from openprm.demo.stage import Stage

HOW_MANY, EVERY, HELPED = 460, 3, 0.3
SELLERS = ("Anniken Dahl", "Jonas Weber", "Maria Lindqvist", "Thomas Keller")
HELP = (
    ("event", "Guest at the user day"), ("demo", "Showed the line at their own plant"), ("technical", "Workshop with their planners"),
    ("reference", "Visit to an installation of theirs"),
)  # fmt: skip


def tell(stage: Stage) -> None:
    """Two years of opportunities, all but the youngest decided. They came with the last load of the CRM, the lists when they were made."""
    at = stage.at(days_ago=10, hour=7)
    with stage.acting(stage.admin, at) as actor:
        products = deal_queries.products(actor)
        known = list(islice(accounts.export_accounts(actor, filters={}), 3, HOW_MANY * EVERY, EVERY))
        rows = [_row(stage, number, account, products[number % len(products)].id) for number, account in enumerate(known)]
        bulk.create_opportunities(actor=actor, rows=rows, source="maven-crm", at=at)
    for number, row in enumerate(rows):
        if row["status"] != "open" and stage.chance.random() < HELPED:
            _help(stage, number, row)


def _row(stage: Stage, number: int, account: Any, product: UUID) -> dict[str, Any]:
    opened = stage.until.date() - timedelta(days=stage.chance.randint(20, 690))
    closes = opened + timedelta(days=stage.chance.randint(45, 190))
    is_over = closes < stage.until.date() - timedelta(days=12)
    status = ("won" if stage.chance.random() < 0.3 else "lost") if is_over else "open"
    return {
        "external_id": f"OPP-{40_000 + number}", "name": f"{account.name}: line control", "account": account.id, "product": product, "status": status,
        "amount_minor": stage.chance.randint(60, 520) * 1_000_00, "currency": "EUR", "opened_date": opened, "close_date": closes,
        "owner_name": SELLERS[number % len(SELLERS)],
    }  # fmt: skip


def _help(stage: Stage, number: int, row: Mapping[str, Any]) -> None:
    """One or two partners took part before it was decided; their lists were read within a few days."""
    for turn in range(1 + (number % 3 == 0)):
        kind, summary = HELP[(number + turn) % len(HELP)]
        day = row["close_date"] - timedelta(days=stage.chance.randint(12, 40))
        partner = stage.partners[(number * 7 + turn * 11) % len(stage.partners)]
        at = _morning(day + timedelta(days=3))
        touch = attribution.TouchRow(
            partner_id=partner.partner_id, account_id=row["account"], kind=kind, occurred_on=day, summary=summary, external_id=f"{row['external_id']}-{turn}"
        )
        with stage.acting(stage.managers[0], at) as actor:
            attribution.import_touches(actor=actor, rows=[touch], source="field marketing", at=at)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), tzinfo=UTC)
