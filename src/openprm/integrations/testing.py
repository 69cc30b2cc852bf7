"""A showcase for looking at the pages: a folder that was run, a file that was tried, one with doubtful letters."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openprm.accounts import services as accounts
from openprm.integrations import services
from openprm.integrations.imports.mapping import load
from openprm.kernel.actor import SYSTEM

SOME_DAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FILES = {
    "accounts.csv": """account,sector,year_established,revenue,employees,office_location,subsidiary_of
Acme Corporation,technolgy,1996,1100.04,2822,United States,
Beta Works,medical,1999,251.41,495,Philipines,Acme Corporation
Gamma Group,retail,2001,12.5,9,Korea,Acme Corporation
""",
    "products.csv": "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n",
    "sales_teams.csv": "sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\nCarl Lin,Summer Sewald,West\n",
    "sales_pipeline.csv": """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value,engage_quarter,close_quarter
A1,Anna Snelling,GTXPro,Acme Corporation,Won,20-10-16,01-03-17,1054,Q4 2016,Q1 2017
A2,Carl Lin,MG Special,Beta Works,Won,20-10-16,03-03-17,55,Q4 2016,Q1 2017
A3,Anna Snelling,MG Special,,Prospecting,,,,,
""",
}
TRIED = "id,company,website,country,sector,employees\nT1,Nordwind Energie,nordwind.example,Germny,energy,120\nT2,Nordwind,nordwind,Germany,energy,many\n"


def make_showcase(cast: Any) -> None:
    """Two companies that may be one, a run import, a tried one, one that waits for its columns."""
    for name, domain in (("Ostrava Steelworks", "ostravasteel.example"), ("Ostrava Steelworks a.s.", "www.ostravasteel.example")):
        account_id = accounts.create_account(
            actor=SYSTEM, name=name, domain=domain, country="CZ", city="Ostrava", industry="metals", employees=1200, motion="channel", at=SOME_DAY
        )
        accounts.create_contact(actor=SYSTEM, account_id=account_id, name="Petra Malá", email="petra@ostravasteel.example", title="Plant IT", at=SOME_DAY)
        accounts.grant_access(actor=SYSTEM, account_id=account_id, partner_id=cast.partner_id, reason="registration", at=SOME_DAY)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            Path(folder, name).write_text(text)
        run = services.stage_folder(actor=SYSTEM, folder=Path(folder), mapping=load("maven-crm"))
        services.run_import(actor=SYSTEM, import_id=run, at=SOME_DAY)
        tried = Path(folder, "prospects.csv")
        tried.write_text(TRIED)
        waiting = services.stage_file(actor=SYSTEM, path=tried, entity="accounts")
        services.try_import(actor=SYSTEM, import_id=services.stage_file(actor=SYSTEM, path=tried, entity="accounts"), at=SOME_DAY)
        assert waiting
