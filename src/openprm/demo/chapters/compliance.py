"""Due diligence of the last year: most partners are clear, one has a namesake on a list, one certificate has just run out. All names are invented."""

from datetime import timedelta
from uuid import UUID

from openprm.compliance import queries, services
from openprm.compliance.testing import answer, pdf
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.clock import stopped
from openprm.kernel.scope import system_scope

WATCHED = b"""name;kind;aliases;country;birth_year;reference;program;remarks
Northgate Export House;entity;NEH Trading|Northgate Exports;RU;;W-101;EXPORT;Invented
VANCE, Teodor Emil;person;T. Vance;BY;1961;W-102;EXPORT;Invented
Sea Lantern Shipping;entity;Lantern Lines;IR;;W-103;SHIPPING;Invented
MORROW, Adela;person;A. Morrow-Lind;BY;1974;W-104;EXPORT;Invented
"""
ADDED = b"KESTREL, Ruben Aldo;person;R. A. Kestrel;SY;1968;W-105;EXPORT;Invented\n"
CLEARED = "The person on the list was born in 1961 in another country; passport and register extract are attached."
APPROVED, UNDER_WAY = 18, 3
VERIFIED, PAID = 10, ("services", "resell")  # programs whose plans pay by the deal or the quarter


def tell(stage: Stage) -> None:
    """Lists first, then a case for everybody, then the partners that were asked, and the papers they brought."""
    _read_list(stage, WATCHED, days_ago=330)
    with stage.acting(stage.admin, stage.at(days_ago=300)) as admin:
        services.open_cases(actor=admin, at=stage.at(days_ago=300))
    ready = [partner for partner in stage.partners if partner.people.get("partner_admin")]
    asked = ready[: APPROVED + UNDER_WAY]
    for place, partner in enumerate(asked[:APPROVED]):
        if place % 3 == 2:
            _paid_for_success(stage, partner, days_ago=275 - place * 14)
        _approve(stage, partner, days_ago=270 - place * 14)
    _found_a_namesake(stage, asked[APPROVED])
    for place, partner in enumerate(asked[APPROVED + 1 :]):
        _send(stage, partner, days_ago=6 - place * 3)
    _policy(stage)
    _certificates(stage, ready)
    _verifications(stage, ready)
    _esg(stage, ready[:4])
    _read_list(stage, WATCHED + ADDED, days_ago=9)
    with stopped(stage.until), system_scope():
        services.remind(at=stage.until)
        services.expire(at=stage.until)


def _read_list(stage: Stage, content: bytes, *, days_ago: int) -> None:
    at = stage.at(days_ago=days_ago, hour=7)
    with stage.acting(stage.admin, at) as admin:
        name = f"watch-list-{at:%Y-%m}.csv"
        services.import_list(actor=admin, source="own", name="Watch list", list_date=at.date(), file_name=name, content=content, at=at)


def _paid_for_success(stage: Stage, partner: PartnerOnStage, *, days_ago: int) -> None:
    """A success fee puts a partner into a higher class: more questions, and a reference."""
    at = stage.at(days_ago=days_ago)
    with stage.acting(stage.managers[0], at) as manager:
        case_id = queries.case_of_partner(manager, partner.partner_id)
        if case_id:
            services.set_factors(actor=manager, case_id=case_id, factors={"compensation": "success_fee"}, at=at)


def _send(stage: Stage, partner: PartnerOnStage, *, days_ago: float) -> UUID | None:
    at, manager = stage.at(days_ago=days_ago), stage.managers[0]
    with stage.acting(manager, at):
        case_id = queries.case_of_partner(manager, partner.partner_id)
        found = queries.case_for_vendor(manager, case_id, at) if case_id else None
        return services.send_questionnaire(actor=manager, case_id=found.id, at=at) if found and not found.why_not_send else None


def _answer(stage: Stage, partner: PartnerOnStage, reply_id: UUID, *, days_ago: float, **changed: str) -> None:
    at, giver = stage.at(days_ago=days_ago), stage.person(partner.people["partner_admin"][0])
    with stage.acting(giver, at):
        answer(giver, reply_id, at, **changed)


def _approve(stage: Stage, partner: PartnerOnStage, *, days_ago: int) -> None:
    """Asked, answered a week later, references asked where the class needs them, approved by an administrator."""
    reply_id = _send(stage, partner, days_ago=days_ago)
    if reply_id is None:
        return
    _answer(stage, partner, reply_id, days_ago=days_ago - 7)
    at, manager = stage.at(days_ago=days_ago - 8), stage.managers[0]
    with stage.acting(manager, at):
        case = queries.case_for_vendor(manager, queries.case_of_partner(manager, partner.partner_id), at)
        for name in ("Petra Novak", "Jan Wolski")[: case.references_needed]:
            services.add_reference(actor=manager, case_id=case.id, name=name, outcome="positive", note="Kept its word and its dates.", at=at)
    at = stage.at(days_ago=days_ago - 10)
    with stage.acting(stage.admin, at) as admin:
        case = queries.case_for_vendor(admin, case.id, at)
        if not case.why_not_approve:
            services.approve(actor=admin, case_id=case.id, note="Everything is in place.", at=at)


def _found_a_namesake(stage: Stage, partner: PartnerOnStage) -> None:
    """An owner shares his name with somebody on the list: cleared with evidence, and waiting for a second pair of eyes."""
    giver, at = stage.person(partner.people["partner_admin"][0]), stage.at(days_ago=13)
    with stage.acting(giver, at):
        owner = {"name": "Teodor Vance", "role": "owner", "country": partner.country, "birth_year": 1961, "share_percent": 40}
        services.add_owner(actor=giver, partner_id=partner.partner_id, values=owner, at=at)
    reply_id = _send(stage, partner, days_ago=12)
    if reply_id is None:
        return
    _answer(stage, partner, reply_id, days_ago=4)
    at, manager = stage.at(days_ago=2), stage.managers[0]
    with stage.acting(manager, at):
        case_id = queries.case_of_partner(manager, partner.partner_id)
        for flag in queries.flags_of(manager, case_id):
            services.resolve_flag(actor=manager, flag_id=flag.id, outcome="cleared", evidence=CLEARED, file=("passport-check.pdf", pdf("passport")), at=at)


def _policy(stage: Stage) -> None:
    """From this autumn integrators and service providers need ISO 27001 for deals."""
    at = stage.at(days_ago=200)
    with stage.acting(stage.admin, at) as admin:
        line = {"lapse": "certificate", "subject": "iso-27001", "actions": ["deals"], "grace_days": 14, "partner_types": ["si", "msp"], "is_active": True}
        services.save_policy(actor=admin, values=line, at=at)


def _certificates(stage: Stage, ready: list[PartnerOnStage]) -> None:
    """Six that hold, one that ends soon, one that ran out, two that wait for a check."""
    for place, partner in enumerate(ready[:10]):
        kind = ("iso-27001", "iso-9001", "ecovadis", "iso-14001")[place % 4]
        days_ago = 3 if place >= 8 else 180 + place
        left = {6: days_ago + 25, 7: days_ago - 5}.get(place, 700)
        certificate_id = _certificate(stage, partner, kind, days_ago=days_ago, days=left)
        if place < 8:
            at = stage.at(days_ago=days_ago - 2)
            with stage.acting(stage.managers[0], at) as manager:
                services.check_certificate(actor=manager, certificate_id=certificate_id, verified=True, at=at)


def _certificate(stage: Stage, partner: PartnerOnStage, kind: str, *, days_ago: int, days: int) -> UUID:
    at, giver = stage.at(days_ago=days_ago), stage.person(partner.people["partner_admin"][0])
    with stage.acting(giver, at):
        return services.add_certificate(
            actor=giver, partner_id=partner.partner_id, kind=kind, issuer="Borealis Certification", number=f"BC-{stage.chance.randrange(10_000, 99_999)}",
            issued_on=at.date() - timedelta(days=20), expires_on=at.date() + timedelta(days=days), file=(f"{kind}.pdf", pdf(f"{kind}{days_ago}")), at=at,
        )  # fmt: skip


def _verifications(stage: Stage, ready: list[PartnerOnStage]) -> None:
    """Businesses of the programs that pay are verified, one is asked for more, one waits."""
    paid = [partner for partner in ready if partner.program_code in PAID]
    for place, partner in enumerate(paid[: VERIFIED + 2]):
        outcome = {VERIFIED: "resubmission", VERIFIED + 1: ""}.get(place, "approved")
        at, giver = stage.at(days_ago=170 - place * 4 if place < VERIFIED else 4), stage.person(partner.people["partner_admin"][0])
        with stage.acting(giver, at):
            verification_id = services.start_verification(actor=giver, partner_id=partner.partner_id, kind="business", at=at)
            values = {
                "business_type": "company",
                "registration_number": f"{partner.country}-{stage.chance.randrange(100_000, 999_999)}",
                "country": partner.country,
            }
            services.save_verification(actor=giver, verification_id=verification_id, values=values, at=at)
            services.attach_to_verification(actor=giver, verification_id=verification_id, name="register-extract.pdf", content=pdf(partner.name), at=at)
            services.submit_verification(actor=giver, verification_id=verification_id, at=at)
        if outcome:
            later, message = at + timedelta(hours=22), "The extract is older than six months. Please send a new one." if outcome == "resubmission" else ""
            with stage.acting(stage.managers[0], later) as manager:
                services.decide_verification(actor=manager, verification_id=verification_id, outcome=outcome, message=message, at=later)


def _esg(stage: Stage, ready: list[PartnerOnStage]) -> None:
    """Three answered with different scores, one is asked."""
    for place, partner in enumerate(ready):
        at = stage.at(days_ago=80 - place * 10)
        with stage.acting(stage.managers[0], at) as manager:
            reply_id = services.request_esg(actor=manager, partner_id=partner.partner_id, at=at)
        if place == 3:
            continue
        _answer(stage, partner, reply_id, days_ago=72 - place * 10, emissions=("yes", "partly", "no")[place], report=("assured", "own", "no")[place])
        later = stage.at(days_ago=70 - place * 10)
        with stage.acting(stage.admin, later) as admin:
            services.accept_esg(actor=admin, reply_id=reply_id, at=later)
