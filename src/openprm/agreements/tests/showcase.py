"""Agreements in every state, with known ids, for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.agreements import services
from openprm.agreements.models import Acceptance, Document, Version
from openprm.agreements.testing import TEXT, acceptance_of, make_document, make_version, sign
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

CHARTER, AGREEMENT, TERMS = (UUID(int=number) for number in (11, 12, 13))
CHARTER_1, CHARTER_2, AGREEMENT_DRAFT, AGREEMENT_1 = (UUID(int=number) for number in (21, 22, 23, 24))
SIGNED, TO_SIGN, DECLINED = (UUID(int=number) for number in (31, 32, 33))
STROKES = (
    "[[[40,140],[60,60],[72,40],[80,70],[84,130],[100,80],[118,44],[128,60],[132,138],[150,120],[170,96],[180,110],[178,136],[196,128],[214,60],[222,40],"
    "[218,130],[240,112],[262,96],[274,112],[268,136],[300,120],[332,104],[380,118],[440,96],[520,110]],[[150,60],[154,58]],[[60,166],[240,158],[470,162]]]"
)


@contextmanager
def _known(model: Any, *ids: UUID) -> Iterator[None]:
    """Rows of a model take these ids first."""
    field, numbers = model._meta.get_field("id"), iter(ids)
    field.__dict__["_get_default"] = lambda: next(numbers, None) or new_id()
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    """A charter that changes, an agreement signed and countersigned by one partner, data terms that are overdue."""
    at = now()
    year_ago, month_ago = at - timedelta(days=360), at - timedelta(days=25)
    with _known(Document, CHARTER, AGREEMENT, TERMS):
        charter = make_document(at=year_ago, is_public=True)
        agreement = make_document(code="resale-agreement", title="Resale agreement", kind="partner_agreement", at=year_ago, needs_countersignature=True)
        make_document(code="data-processing", title="Data processing terms", kind="data_processing", at=year_ago, notice_days=60)
    with _known(Version, CHARTER_1, AGREEMENT_1):
        first = make_version(charter, at=year_ago, note="What both sides can count on.")
        contract = make_version(agreement, title="Resale agreement", at=year_ago, blocks=("deals", "payouts"), ask=False)
    _ask(cast, year_ago, {cast.partner_id: SIGNED, cast.other_partner_id: DECLINED})
    sign(cast.partner_admin, first, at=year_ago + timedelta(days=2))
    signed = sign(cast.partner_admin, contract, at=month_ago, drawn=STROKES)
    with scope(cast.vendor_admin) as admin:
        services.countersign(actor=admin, acceptance_id=signed, name="Ingrid Solberg", title="Chief executive", at=month_ago + timedelta(days=2))
    with scope(cast.other_partner_admin) as other:
        services.decline(
            actor=other, acceptance_id=acceptance_of(contract, cast.other_partner_id).pk,
            reason="Clause 7 makes us liable for your delays. Can we talk about it?", at=month_ago,
        )  # fmt: skip
    changed = TEXT.replace("two working days", "one working day").replace(
        "## 3. Term", "## 3. Payouts\n\nWe pay what you earned by the tenth of each month.\n\n## 4. Term"
    )
    with _known(Version, CHARTER_2):
        make_version(charter, text=changed, at=at - timedelta(days=3), blocks=("deals",), note="We answer faster, and payouts get a date.", ask=False)
    _ask(cast, at - timedelta(days=3), {cast.partner_id: TO_SIGN})
    make_version(TERMS, title="Data processing terms", text=TEXT.replace("deal", "record"), at=at - timedelta(days=40), blocks=("leads",))
    with system_scope() as system, _known(Version, AGREEMENT_DRAFT):
        draft_id = services.begin_draft(actor=system, document_id=agreement, at=at)
        services.save_draft(
            actor=system, draft_id=draft_id, title="Resale agreement", text=f"{TEXT}\n\n## 4. Liability\n\nEach side answers for its own delays.", at=at
        )


def _ask(cast: Any, at: Any, ids: dict[UUID, UUID]) -> None:
    """Put what is new before both partners; the first row of each takes the known id."""
    with system_scope():
        for partner_id in (cast.partner_id, cast.other_partner_id):
            with _known(Acceptance, *([ids[partner_id]] if partner_id in ids else [])):
                services.settle(partner_id=partner_id, at=at)
