"""What the vendor and its partners have signed: a charter that changes, a contract with both signatures, data terms not everybody signed yet."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.agreements import queries, services
from openprm.demo.stage import PartnerOnStage, Stage

CHARTER = """We build this ecosystem together. This charter says what each side can count on.

## 1. What we promise you

- We answer every deal registration within **two working days**, and say why.
- The rules by which we decide are published in words. You hear of a change at least 30 days before it takes effect.
- Whoever registers first and in good faith is protected. We do not sell around you.
- What you earned is paid within thirty days after the end of the month.
- You read the same facts about your deals as we do.

## 2. What you promise us

- You register a deal before you quote.
- You name your customer truthfully, and only with its consent.
- You keep two people trained for what you sell.

## 3. When we disagree

Either side can ask for a review. Somebody who took no part in the decision answers within five working days.

## 4. Term

This charter holds until a new version takes its place. What you began under it stays under it.
"""
FASTER = CHARTER.replace("**two working days**", "**one working day**").replace(
    "What you earned is paid within thirty days after the end of the month.", "What you earned is paid by the tenth of the following month."
)
CONTRACT = """This agreement is between the vendor and the company that signs it (the partner).

## 1. Appointment

The partner may offer and resell the products of its program in the countries agreed with its partner manager. The right is not exclusive.

## 2. Prices and payment

The partner sets its own prices. It pays invoices within thirty days. The discount is that of its tier.

## 3. Registration and protection

A deal that is registered and approved is protected as the rules of engagement say.

## 4. Marks

The partner may use the vendor's name and marks to say that it is a partner, as the brand guide shows.

## 5. Confidence

Each side keeps what the other tells it in confidence for three years.

## 6. Liability

Each side answers for its own acts. Neither is liable for lost profit, except for intent and gross negligence.

## 7. End

Either side may end this agreement with ninety days' notice in writing. Open deals that are protected stay protected.
"""
DATA = """These terms hold where the partner handles personal data of customers for the vendor.

## 1. Purpose

Data is used to install, support and renew the products, and for nothing else.

## 2. Security

| measure | how |
|---|---|
| access | by name, with a second factor |
| storage | encrypted, inside the European Economic Area |
| incidents | told within 24 hours |

## 3. Others

The partner engages nobody else for this work without saying so first.

## 4. End

Data is returned or deleted within thirty days after the work ends.
"""
REASON = "Clause 3 does not fit us: our support desk is run by a sister company. Can you name it as approved?"


def tell(stage: Stage) -> None:
    """A charter two years old and about to change, a countersigned contract, and data terms of this autumn."""
    charter = _document(stage, "partner-charter", "Partner charter", "charter", is_public=True)
    resell = stage.programs["resell"]
    contract = _document(stage, "resale-agreement", "Resale agreement", "partner_agreement", needs_countersignature=True, program_id=resell)
    _publish(stage, charter, "Partner charter", CHARTER, days_ago=700, note="What both sides can count on.", grace_days=30)
    _publish(stage, contract, "Resale agreement", CONTRACT, days_ago=699, note="The contract behind reselling.", grace_days=30, blocks=("deals",))
    _everybody_signs(stage, days_ago=690)
    data = _document(stage, "data-processing", "Data processing terms", "data_processing", notice_days=60, program_id=stage.programs["services"])
    _publish(stage, data, "Data processing terms", DATA, days_ago=40, note="For partners that install or support.", grace_days=21, blocks=("leads",))
    _data_terms(stage)
    _publish(stage, charter, "Partner charter", FASTER, days_ago=6, note="We answer faster, and payouts get a fixed day.", blocks=("deals",), asks=False)


def _document(stage: Stage, code: str, title: str, kind: str, **values: Any) -> UUID:
    at = stage.at(days_ago=705)
    with stage.acting(stage.admin, at) as admin:
        return services.create_document(actor=admin, code=code, title=title, kind=kind, at=at, **values)


def _publish(stage: Stage, document_id: UUID, title: str, text: str, *, days_ago: int, asks: bool = True, **values: Any) -> None:
    """Written one day, published the next morning. Partners are asked at once, or by the queue when the chapter is told."""
    at = stage.at(days_ago=days_ago)
    with stage.acting(stage.admin, at) as admin:
        draft_id = services.begin_draft(actor=admin, document_id=document_id, at=at - timedelta(days=1))
        services.save_draft(actor=admin, draft_id=draft_id, title=title, text=text, at=at - timedelta(hours=20))
        services.publish(actor=admin, draft_id=draft_id, at=at, **values)
        documents = services.signed_documents() if asks else []
        for partner in stage.partners if asks else ():
            services.settle(partner_id=partner.partner_id, at=at, documents=documents)


def _everybody_signs(stage: Stage, *, days_ago: int) -> None:
    """Charter and contract, each partner in one sitting; the vendor countersigns some days later."""
    signed: list[UUID] = []
    for partner in stage.partners:
        signed += _sign(stage, partner, stage.at(days_ago=days_ago - stage.chance.randrange(0, 9)))
    at = stage.at(days_ago=days_ago - 12)
    with stage.acting(stage.admin, at) as admin:
        for row in queries.awaiting_countersignature(admin, limit=len(stage.partners)):
            services.countersign(actor=admin, acceptance_id=row.id, name=admin.name, title="Chief executive", at=at)


def _data_terms(stage: Stage) -> None:
    """Two thirds signed; one declined with a reason; the rest is overdue or was reminded."""
    services_partners = [partner for partner in stage.partners if partner.program_code == "services"]
    ready = [partner for partner in services_partners if partner.people.get("partner_admin")]
    for partner in ready[: len(ready) * 2 // 3]:
        _sign(stage, partner, stage.at(days_ago=stage.chance.randrange(8, 38)))
    if len(ready) > 1:
        _decline(stage, ready[-1], stage.at(days_ago=15))


def _sign(stage: Stage, partner: PartnerOnStage, at: datetime) -> Iterable[UUID]:
    """Everything that waits, by the partner's administrator."""
    people = partner.people.get("partner_admin", ())
    if not people:
        return []
    with stage.acting(people[0], at) as admin:
        rows = [row for row in queries.waiting_for(partner.partner_id, at) if row.asked_at <= at]
        for row in rows:
            services.accept(
                actor=admin,
                acceptance_id=row.acceptance_id,
                sha256=row.sha256,
                pen=services.Pen(name=admin.name, title=stage.chance.choice(TITLES), drawn=_flourish(stage) if stage.chance.random() < 0.3 else ""),
                is_confirmed=True,
                origin=services.Origin(ip_address=f"198.51.100.{stage.chance.randrange(2, 250)}", user_agent="Mozilla/5.0"),
                at=at,
            )
        return [row.acceptance_id for row in rows]


TITLES = ("Managing director", "Partner lead", "Head of sales", "Chief executive", "Owner")


def _decline(stage: Stage, partner: PartnerOnStage, at: datetime) -> None:
    with stage.acting(partner.people["partner_admin"][0], at) as admin:
        for row in queries.waiting_for(partner.partner_id, at):
            if row.kind == "data_processing":
                services.decline(actor=admin, acceptance_id=row.acceptance_id, reason=REASON, at=at)


def _flourish(stage: Stage) -> str:
    """A drawn signature: a wave from left to right."""
    points = [[40 + 11 * step, 100 + stage.chance.randrange(-62, 62)] for step in range(stage.chance.randrange(18, 40))]
    return str([points, [[50, 170], [420, 162]]])
