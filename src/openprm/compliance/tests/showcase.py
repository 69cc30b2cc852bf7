"""Cases in every state, for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.compliance import services
from openprm.compliance.models import Flag, Questionnaire, QuestionnaireVersion, Reply
from openprm.compliance.testing import OWN_LIST, answer, ask, make_case, make_certificate, make_list, make_verification, pdf
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope
from openprm.partners import services as partners

ESG_REPLY, DRAFT = UUID(int=1), UUID(int=2)
MORE = (("Sahel Connect", "ML", "referral"), ("Lusofone Consulting", "PT", "si"), ("Adriatic Data", "HR", "msp"), ("Baltic Ledger", "EE", "var"))


def make_showcase(cast: Any) -> None:
    at = now()
    manager, admin, giver = cast.partner_manager, cast.vendor_admin, cast.partner_admin
    make_list(content=OWN_LIST, at=at - timedelta(days=40))
    for name, country, kind in MORE:
        with system_scope():
            partner_id = partners.create_partner(actor=SYSTEM, name=name, country=country, type=kind, at=at - timedelta(days=30))
        make_case(partner_id, at - timedelta(days=30))
    case_id = make_case(cast.partner_id, at - timedelta(days=20))
    with scope(giver):
        owner = {"name": "Teodor Vance", "country": "BY", "birth_year": 1961, "role": "beneficial", "share_percent": 30}
        services.add_owner(actor=giver, partner_id=cast.partner_id, values=owner, at=at - timedelta(days=12))
        services.add_owner(
            actor=giver, partner_id=cast.partner_id, values={"name": "Mika Virtanen", "role": "director", "country": "FI"}, at=at - timedelta(days=12)
        )
    answer(giver, ask(manager, case_id, at - timedelta(days=11)), at - timedelta(days=1), convicted="yes")
    with system_scope():
        flag_id = Flag.objects.filter(source="answer").values_list("pk", flat=True).first()
    with scope(manager):
        services.resolve_flag(
            actor=manager, flag_id=flag_id, outcome="cleared", evidence="The investigation was closed in 2023 without a charge; see the letter of the prosecutor.",
            file=("prosecutor-letter.pdf", pdf("letter")), at=at - timedelta(hours=5),
        )  # fmt: skip
        services.add_reference(
            actor=manager, case_id=case_id, name="Petra Novak", company="Ostrava Steelworks", outcome="positive", note="Three projects, on time.", at=at
        )
        with _known_id(Reply, ESG_REPLY):
            services.request_esg(actor=manager, partner_id=cast.partner_id, at=at - timedelta(days=3))
    certificate_id = make_certificate(giver, cast.partner_id, at - timedelta(days=200), days=240)
    with scope(admin):
        services.check_certificate(actor=admin, certificate_id=certificate_id, verified=True, at=at - timedelta(days=199))
    make_certificate(giver, cast.partner_id, at - timedelta(hours=30), kind="ecovadis", issuer="EcoVadis", level="Silver")
    make_verification(giver, cast.partner_id, at - timedelta(days=2))
    other = make_case(cast.other_partner_id, at - timedelta(days=15))
    answer(cast.other_partner_admin, ask(manager, other, at - timedelta(days=14)), at - timedelta(days=9))
    with scope(admin):
        services.approve(actor=admin, case_id=other, note="Clean.", at=at - timedelta(days=8))
        with _known_id(QuestionnaireVersion, DRAFT):
            services.start_draft(actor=admin, questionnaire_id=_questionnaire("standard"), at=at)


@contextmanager
def _known_id(model: Any, pk: UUID) -> Iterator[None]:
    """The next row gets this id, so that its address is known."""
    field = model._meta.get_field("id")
    field.__dict__["_get_default"] = lambda: pk
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def _questionnaire(code: str) -> Any:
    return Questionnaire.objects.values_list("pk", flat=True).get(code=code)
