"""Builders for tests and the demo: plain and typed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.compliance import services
from openprm.compliance.models import Reply, RiskCase
from openprm.compliance.rules import questions
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.scope import scope, system_scope

PDF = b"%PDF-1.4\n% made for a test\n"


def pdf(words: str) -> bytes:
    """A file that counts as a PDF and differs from others."""
    return PDF + words.encode()


OWN_LIST = (
    b"name;kind;aliases;country;birth_year;reference;program\n"
    b"Northgate Export House;entity;NEH Trading|Northgate Exports;RU;;X-1;DEMO\n"
    b"VANCE, Teodor Emil;person;T. Vance;BY;1961;X-2;DEMO\n"
)


def make_list(*, content: bytes = OWN_LIST, name: str = "Test list", at: datetime) -> UUID:
    with system_scope():
        return services.import_list(actor=SYSTEM, source="own", name=name, file_name="list.csv", content=content, at=at)


def make_case(partner_id: UUID, at: datetime) -> UUID:
    return services.open_case(partner_id=partner_id, at=at)


def good_answers(asked: tuple[questions.Question, ...]) -> dict[str, Any]:
    """Answers that raise no red flag."""
    return {one.id: _answer(one) for one in asked if one.type != "file"}


def _answer(one: questions.Question) -> Any:
    if one.type == "yes_no":
        return next(option.value for option in reversed(one.options) if not option.red)
    if one.options:
        best = max(one.options, key=lambda option: (not option.red, option.points))
        return [option.value for option in one.options] if one.type == "choices" else best.value
    return {"number": "2009", "date": "2020-05-01"}.get(one.type, "We advise manufacturers and run their systems.")


def ask(sender: Actor, case_id: UUID, at: datetime) -> UUID:
    """Send the questionnaire of a case."""
    with scope(sender):
        return services.send_questionnaire(actor=sender, case_id=case_id, at=at)


def answer(giver: Actor, reply_id: UUID, at: datetime, **changed: Any) -> None:
    """Answer and submit a questionnaire as the partner's administrator; `changed` are the answers that differ."""
    with scope(giver):
        asked = questions.read(Reply.objects.select_related("questions").get(pk=reply_id).questions.questions)
        for one in asked:
            if one.type == "file" and one.required:
                services.attach_to_reply(actor=giver, reply_id=reply_id, question=one.id, name=f"{one.id}.pdf", content=pdf(one.id), at=at)
        services.save_answers(actor=giver, reply_id=reply_id, answers={**good_answers(asked), **changed}, at=at)
        services.submit(actor=giver, reply_id=reply_id, at=at)


def make_certificate(giver: Actor, partner_id: UUID, at: datetime, *, kind: str = "iso-27001", days: int = 300, **values: Any) -> UUID:
    """A certificate that waits for its check."""
    day = at.date()
    given: dict[str, Any] = {
        "issuer": "Norddeutsche Prüfstelle",
        "number": "NP-27-4411",
        "issued_on": day - timedelta(days=30),
        "expires_on": day + timedelta(days=days),
    }
    with scope(giver):
        return services.add_certificate(
            actor=giver, partner_id=partner_id, kind=kind, file=(f"{kind}.pdf", pdf(f"{kind}{days}")), at=at, **{**given, **values}
        )  # fmt: skip


def make_verification(giver: Actor, partner_id: UUID, at: datetime, *, kind: str = "business") -> UUID:
    """A verification that waits for its decision."""
    values = {
        "legal_name": "Kallio Digital Oy",
        "business_type": "company",
        "registration_number": "2345678-9",
        "country": "FI",
        "position": "Managing director",
    }
    with scope(giver):
        verification_id = services.start_verification(actor=giver, partner_id=partner_id, kind=kind, at=at)
        services.save_verification(actor=giver, verification_id=verification_id, values=values, at=at)
        services.attach_to_verification(actor=giver, verification_id=verification_id, name="extract.pdf", content=pdf(kind), at=at)
        services.submit_verification(actor=giver, verification_id=verification_id, at=at)
    return verification_id


def stored(case_id: UUID) -> RiskCase:
    """The case as it stands now."""
    with system_scope():
        return RiskCase.objects.get(pk=case_id)
