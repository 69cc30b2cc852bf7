"""A deal whose protection work and quiet moved, and one whose customer wants to leave, with known ids, for pictures."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.activities import services as activities
from openprm.activities.models import Activity
from openprm.deals.models import ChoiceLink
from openprm.deals.services import customer_choice, evidence
from openprm.deals.testing import make_approved, make_catalogue, stored
from openprm.deals.testing_windows import publish_work_table
from openprm.deals.tests.showcase import _known_ids
from openprm.kernel.clock import now, stopped
from openprm.kernel.scope import scope, system_scope

WORKED, LEAVING, ASKED = UUID(int=301), UUID(int=302), UUID(int=303)
DAY = timedelta(days=1)
LOG = (
    (4, "call", "Petra asked for a plant visit."),
    (9, "visit", "Two hours on the shop floor with Petra and her team."),
    (11, "email", "Sent the survey."),
    (16, "demo", "Showed the module with their own data."),
    (24, "proposal", "Three plants in two phases."),
    (57, "meeting", "Pricing workshop with purchasing."),
)


def make_showcase(cast: Any) -> None:
    at, catalogue = now(), make_catalogue()
    start = at - 60 * DAY
    with scope(cast.vendor_admin) as actor:
        publish_work_table(actor=actor, at=start, program_id=cast.program.pk)
    with _known_ids(WORKED, LEAVING, ASKED):
        rep, admin, program = cast.partner_rep, cast.vendor_admin, cast.program.pk
        make_approved(rep, admin, catalogue, at=start, program_id=program)
        make_approved(rep, admin, catalogue, at=at - 9 * DAY, customer_name="Lumen Retail", customer_domain="lumen.example", contact_email="jo@lumen.example")
        make_approved(
            rep, admin, catalogue, at=at - 5 * DAY, customer_name="Pelican Foods", customer_domain="pelican.example", contact_email="al@pelican.example"
        )
    with system_scope():
        evidence.open_window(registration_id=WORKED, at=start)
    for day, kind, summary in LOG:
        _log(cast, start + day * DAY, kind, summary)
        _settle(start + day * DAY)
    for day in range(25, 61):
        _settle(start + day * DAY)
    with scope(cast.partner_manager) as actor:
        told = {
            "contact_name": "Jo Brandt",
            "reason": "We want a partner with people on site.",
            "letter": ("letter.pdf", b"%PDF-1.7 x"),
            "successor": "Sintra Systems",
        }
        customer_choice.record_choice(actor=actor, registration_id=LEAVING, at=at - 2 * DAY, **told)
        link = customer_choice.ask_customer(actor=actor, registration_id=ASKED, at=at)
        ChoiceLink.objects.filter(pk=link).update(id=ASKED)  # so that its address is known


def _log(cast: Any, at: Any, kind: str, summary: str) -> None:
    with stopped(at), scope(cast.partner_rep) as rep:
        made = activities.record(
            actor=rep, account_id=stored(WORKED).account_id, kind=kind, occurred_at=at, summary=summary, person="Petra Malá", about=WORKED,
            proof=("agenda.pdf", b"%PDF-1.7 agenda") if kind == "demo" else None, at=at,
        )  # fmt: skip
    if kind in ("visit", "demo"):
        with scope(cast.partner_manager) as manager:
            activities.confirm(actor=manager, activity_id=made, at=at)


def _settle(at: Any) -> None:
    with system_scope():
        evidence.settle(registration_id=WORKED, at=at)


def first_activity() -> UUID:
    with system_scope():
        return Activity.objects.order_by("occurred_at").first().pk
