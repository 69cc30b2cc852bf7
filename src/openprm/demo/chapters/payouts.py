"""Paying: payees with verified accounts, three settled paydays, a payment that came back, a run that waits for its second person."""

from datetime import datetime, timedelta
from uuid import UUID

from openprm.demo.stage import PartnerOnStage, Stage
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.kernel.scope import system_scope
from openprm.payouts import queries, services
from openprm.payouts.testing import IBANS, PDF, VAT, make_iban

PAYEES, PAYDAYS, PAID = 12, (82, 52, 22), ("services", "resell")
EVIDENCE = "Called the number in the agreement; the managing director read the account out."


def tell(stage: Stage) -> None:
    """Paying accounts first, then the payees, then the paydays."""
    finance = _finance(stage)
    _paying(stage)
    ready = [partner for partner in stage.partners if partner.people.get("partner_admin") and partner.program_code in PAID]
    for place, partner in enumerate(ready[:PAYEES]):
        known = place < PAYEES - 2
        _payee(stage, finance, partner, place, days_ago=120 - place if known else 1, verified=known)
    for place, days_ago in enumerate(PAYDAYS):
        run_id = _run(stage, finance, days_ago=days_ago, name=f"Payday {place + 1}")
        if run_id:
            _settle(stage, finance, run_id, days_ago=days_ago - 3, fails=place == len(PAYDAYS) - 1)
    _prepare(stage, finance, stage.at(days_ago=1, hour=9), "Waits for its second pair of eyes")


def _finance(stage: Stage) -> Actor:
    """The finance manager, who is not the administrator that approves."""
    with system_scope():
        found = [person.id for person in identity.holders_of("payouts.prepare") if person.id and person.id != stage.admin.user_id]
        return identity.actor_of(found[0])


def _paying(stage: Stage) -> None:
    at = stage.at(days_ago=130)
    with stage.acting(stage.admin, at) as admin:
        for values in (
            {"kind": "sepa", "name": "Halden Software AS", "iban": IBANS["NL"]},
            {"kind": "ach", "name": "Halden Software Inc", "routing": "091000019", "company_id": "1911144442", "bank_name": "Wells Fargo"},
            {"kind": "csv", "name": "Other banks"},
        ):
            services.save_account(actor=admin, values=values, at=at)


def _payee(stage: Stage, finance: Actor, partner: PartnerOnStage, place: int, *, days_ago: int, verified: bool) -> None:
    """A company with an account in each of the two currencies that the vendor pays most."""
    at, name = stage.at(days_ago=days_ago), partner.name
    with stage.acting(partner.people["partner_admin"][0], at) as giver:
        profile = {"legal_name": name, "country": partner.country, "city": "", "kind": "company"}
        services.save_payee(actor=giver, partner_id=partner.partner_id, values=profile, at=at)
        needs = queries.payee(giver, partner.partner_id, at).needs_form
        form_id = _form(giver, partner, needs, at)
        accounts = [
            services.enter_account(actor=giver, partner_id=partner.partner_id, values=values, at=at)
            for values in (
                {"kind": "iban", "iban": make_iban(5320_1300 + place), "currency": "EUR", "holder": name},
                {"kind": "us", "routing": "091000019", "account": f"{2000_0000 + place}", "currency": "USD", "holder": name},
            )
        ]
    if verified:
        _verify(stage, finance, accounts, form_id, needs, at + timedelta(hours=3))


def _form(giver: Actor, partner: PartnerOnStage, kind: str, at: datetime) -> UUID | None:
    if kind == "none":
        return None
    number = {"vat": VAT.get(partner.country, VAT["FI"]), "w9": "91-1144442"}.get(kind, "2345678-9")
    values = {"kind": kind, "number": number, "name": partner.name, "country": partner.country, "signed_on": at.date()}
    file = None if kind == "vat" else (f"{kind}.pdf", PDF + partner.name.encode())
    return services.submit_form(actor=giver, partner_id=partner.partner_id, values=values, file=file, at=at)


def _verify(stage: Stage, finance: Actor, accounts: list[UUID], form_id: UUID | None, kind: str, at: datetime) -> None:
    with stage.acting(finance, at) as checker:
        for account_id in accounts:
            services.verify_by_person(actor=checker, account_id=account_id, evidence=EVIDENCE, at=at)
        if form_id and kind != "vat":
            services.check_form(actor=checker, form_id=form_id, accepted=True, at=at)


def _prepare(stage: Stage, finance: Actor, at: datetime, note: str) -> UUID | None:
    """A run over all that is due by then, if anything is."""
    with stage.acting(finance, at) as maker:
        try:
            return services.prepare(actor=maker, note=note, at=at)
        except Conflict:
            return None


def _run(stage: Stage, finance: Actor, *, days_ago: int, name: str) -> UUID | None:
    at = stage.at(days_ago=days_ago, hour=9)
    run_id = _prepare(stage, finance, at, name)
    if run_id is None:
        return None
    with stage.acting(stage.admin, at + timedelta(hours=2)) as checker:
        services.approve(actor=checker, run_id=run_id, at=at + timedelta(hours=2))
    with stage.acting(finance, at + timedelta(hours=3)) as maker:
        later = at + timedelta(hours=3)
        services.send(actor=maker, run_id=run_id, at=later)
        for file in queries.run(maker, run_id, later).files:
            services.hand_over(actor=maker, file_id=file.id, at=later)
    return run_id


def _settle(stage: Stage, finance: Actor, run_id: UUID, *, days_ago: int, fails: bool) -> None:
    """The bank's statement settles the run; of the last one a payment came back."""
    at = stage.at(days_ago=days_ago)
    with stage.acting(finance, at) as reader:
        payouts = queries.run(reader, run_id, at).payouts
        returned = payouts[:1] if fails and len(payouts) > 1 else ()
        lines = [f"{at.date()},-{one.money.major},{one.money.currency},{one.number}," for one in payouts]
        lines += [f"{at.date()},{one.money.major},{one.money.currency},{one.number},Account closed" for one in returned]
        content = "\n".join(["date,amount,currency,reference,reason", *lines])
        services.read_statement(actor=reader, name=f"statement-{at:%Y-%m-%d}.csv", content=content.encode(), at=at)
