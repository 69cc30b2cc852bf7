"""Cases in every state, for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.conflicts import services
from openprm.conflicts.models import ConflictCase, Precedent
from openprm.conflicts.testing import answer, decide, heed, make_case, make_rejected, pass_time, speak, take_up, touch
from openprm.deals.testing import make_approved, make_catalogue, stored
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

OPEN, HEARD, APPEALED, CLOSED, DECIDED, PRECEDENT = (UUID(int=number) for number in range(1, 7))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CUSTOMERS = ("Ostrava Steelworks", "Hallamshire Foods", "Kvarn Logistik", "Fjordkraft Drift", "Norrland Timber", "Baltic Cement")
REASONS = (
    "The call of 3 November was outbound and about a new product line, so neither the support case of the week before nor the customer’s own question "
    "of September explains it. The partner’s protection ran, and nobody had asked it."
)
CHANGE = "A support case open on that day, or a word of the partner before the call."


def make_showcase(cast: Any) -> None:
    at, catalogue = now(), make_catalogue()
    deals = [_protected(cast, catalogue, name, at) for name in CUSTOMERS]
    _open(cast, deals[0], at)
    _heard(cast, deals[1], at)
    _decided(cast, deals[2], at)
    _appealed(cast, deals[3], at)
    _closed(cast, deals[4], at)
    rejected = make_rejected(
        cast.partner_rep, cast.partner_manager, catalogue, at=at - 6 * DAY, customer_name="Arctic Freight", customer_domain="arctic.example"
    )
    make_case(cast.partner_rep, rejected, at - DAY, claim="The reviewer read the wrong territory: the plant stands in Finland.")


def _protected(cast: Any, catalogue: Any, name: str, at: Any) -> UUID:
    domain = f"{name.split()[0].lower()}.example"
    return make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at - 40 * DAY, customer_name=name, customer_domain=domain)


def _alarm(cast: Any, registration_id: UUID, case_id: UUID, at: Any, kind: str = "call") -> UUID:
    rep = cast.marketing_manager
    activity_id = touch(rep, stored(registration_id).account_id, at, kind=kind)
    with _known_id(ConflictCase, case_id):
        heed(activity_id, rep, at)
    return case_id


def _speak_both(cast: Any, case_id: UUID, at: Any) -> None:
    speak(cast.partner_rep, case_id, "We learned of the call from the buyer. We have worked on this deal since spring and were to present in two weeks.", at)
    speak(cast.marketing_manager, case_id, "The buyer had written to our general address in September. I took it for a direct lead and called.", at + HOUR)


def _open(cast: Any, registration_id: UUID, at: Any) -> None:
    case_id = _alarm(cast, registration_id, OPEN, at - DAY, "meeting")
    speak(cast.partner_rep, case_id, "Nobody told us of the meeting.", at - 20 * HOUR)


def _heard(cast: Any, registration_id: UUID, at: Any) -> None:
    case_id = _alarm(cast, registration_id, HEARD, at - 3 * DAY)
    _speak_both(cast, case_id, at - 2 * DAY)
    take_up(cast.vendor_admin, case_id, at - DAY)
    with scope(cast.vendor_admin):
        services.write_note(actor=cast.vendor_admin, case_id=case_id, text="The mail of September is in the shared mailbox; I asked for it.", at=at - HOUR)


def _decided(cast: Any, registration_id: UUID, at: Any) -> None:
    case_id = _alarm(cast, registration_id, DECIDED, at - 9 * DAY, "email")
    _speak_both(cast, case_id, at - 8 * DAY)
    take_up(cast.finance_manager, case_id, at - 7 * DAY)
    decide(cast.finance_manager, case_id, at - 4 * DAY, reasons=REASONS, would_change=CHANGE)


def _appealed(cast: Any, registration_id: UUID, at: Any) -> None:
    case_id = _alarm(cast, registration_id, APPEALED, at - 12 * DAY, "demo")
    _speak_both(cast, case_id, at - 11 * DAY)
    take_up(cast.finance_manager, case_id, at - 10 * DAY)
    decide(cast.finance_manager, case_id, at - 6 * DAY, finding="unfounded", reasons="The customer had asked.", would_change=CHANGE)
    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="The customer asked in September about something else; see the mail.", at=at - 2 * DAY)


def _closed(cast: Any, registration_id: UUID, at: Any) -> None:
    case_id = _alarm(cast, registration_id, CLOSED, at - 36 * DAY)
    _speak_both(cast, case_id, at - 35 * DAY)
    take_up(cast.finance_manager, case_id, at - 34 * DAY)
    decide(cast.finance_manager, case_id, at - 33 * DAY, finding="unfounded", reasons="The customer had asked.", would_change=CHANGE)
    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="It was about something else.", at=at - 32 * DAY)
    answer(cast.vendor_admin, case_id, at - 30 * DAY, result="changed", finding="founded", reasons=REASONS, would_change=CHANGE)
    pass_time(at)
    with scope(cast.vendor_admin):
        with _known_id(Precedent, PRECEDENT):
            services.prepare(actor=cast.vendor_admin, case_id=case_id, at=at - 20 * DAY)
        title = "A call after the customer had asked about something else"
        services.save_draft(actor=cast.vendor_admin, precedent_id=PRECEDENT, texts={"title": title}, at=at - 19 * DAY)
        services.publish_precedent(actor=cast.vendor_admin, precedent_id=PRECEDENT, at=at - 19 * DAY)


@contextmanager
def _known_id(model: Any, pk: UUID) -> Iterator[None]:
    """The next row gets this id, so that its address is known."""
    field = model._meta.get_field("id")
    field.__dict__["_get_default"] = lambda: pk
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")
