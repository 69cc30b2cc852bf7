"""For `tests.journeys.shots --prepare`: a year of deals, and dashboards that people saved."""

from typing import Any

from openprm.dashboards.testing import make_saved
from openprm.dashboards.tests.world import AT, make_year


def make_showcase(cast: Any) -> dict[str, Any]:
    make_year(cast)
    make_saved(cast.vendor_admin, at=AT, name="Resale, this quarter", words={"motion": "transact", "period": "quarter"}, is_shared=True)
    people = (cast.vendor_admin, cast.finance_manager)
    saved_id = make_saved(cast.vendor_admin, at=AT, name="Monday numbers", recipients=people)
    make_saved(cast.partner_rep, at=AT, dashboard="partner", name="Our quarter", words={"period": "quarter"})
    return {"saved_id": saved_id}
