"""The first deals of partners that joined lately: they were won with help, so the vendor entered them when the contract came."""

from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.deals import queries as deal_queries
from openprm.deals import services as deals
from openprm.demo.chapters.onboarding import NEWCOMERS
from openprm.demo.stage import Stage
from openprm.kernel.actor import Actor
from openprm.partners import queries as partners

APPLICANTS = (("Brennero Consulting", 159, 51, 97), ("Mälar Advisory AB", 95, 24, 71))
"""Name, days since it joined, days until its first registration and until that was won."""
APART = 41


def tell(stage: Stage) -> None:
    firsts = [(name, joined, registered, won) for name, *_, joined, _tasks, registered, won in NEWCOMERS if registered and won] + list(APPLICANTS)
    moment = stage.at(days_ago=1, hour=8)
    with stage.acting(stage.admin, moment) as actor:
        products = deal_queries.products(actor)
        customers = list(islice(accounts.export_accounts(actor, filters={}), len(firsts) * APART))
        rows = [
            _row(stage, number, *first, actor=actor, customer=customers[number * APART % len(customers)], product=products[number % len(products)].id)
            for number, first in enumerate(firsts)
        ]
        deals.create_registrations(actor=actor, rows=rows, source="spreadsheet", at=moment)


def _row(stage: Stage, number: int, name: str, joined: int, registered: int, won: int, *, actor: Actor, customer: Any, product: UUID) -> dict[str, Any]:
    begun = stage.until.date() - timedelta(days=joined)
    return {
        "external_id": f"FIRST-{number + 1:02}", "partner": partners.search_partners(actor, name, 1)[0].id, "account": customer.id,
        "title": f"{customer.name}, first line", "product": product, "amount_minor": stage.chance.randint(18, 76) * 1_000_00, "currency": "EUR",
        "status": "closed_won", "submitted_date": begun + timedelta(days=registered), "decided_date": begun + timedelta(days=won),
    }  # fmt: skip
