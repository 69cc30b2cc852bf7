"""One case, as the vendor and as each side may read it. What a reader may not know is never loaded for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.conflicts import policies
from openprm.conflicts.models import Appeal, ConflictCase, Evidence, Party, Precedent, Remedy, Ruling, Statement
from openprm.conflicts.promisekinds import APPEAL, DECISION, EXPLANATION, STATEMENT
from openprm.conflicts.queries.cases import JOINED, case_row
from openprm.conflicts.queries.factwords import fact_view
from openprm.conflicts.queries.precedents import similar_to
from openprm.conflicts.queries.results import (
    AppealView,
    CandidateView,
    EvidenceView,
    FactView,
    NoteView,
    OpenedFile,
    PartnerCase,
    RemedyView,
    RulingView,
    SideView,
    StatementView,
    VendorCase,
)
from openprm.conflicts.queries.ties import candidates_for, ties_of
from openprm.conflicts.rules.impartiality import proposed
from openprm.conflicts.rules.lifecycle import AppealResult, Side
from openprm.conflicts.wording import APPEAL_RESULT, BIAS, FINDING, REMEDY, REMEDY_ICON, label_of, tone_of
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.promises import queries as promises


def case_for_vendor(actor: Actor, case_id: UUID, at: datetime) -> VendorCase:
    """Everything, with names. Raises NotFound, also for a partner's person."""
    if not actor.sees_all_partners:
        raise NotFound()
    case = policies.reach(actor).select_related(*JOINED, "appeal_reviewer").one(case_id)
    ties = ties_of(case)
    people = candidates_for(case, ties)
    first = proposed(people)
    precedent = Precedent.objects.filter(case=case).first()
    rulings = _rulings(actor, case)
    return VendorCase(
        **_common(actor, case, rulings, at),
        partner_id=case.partner_id,
        account_id=case.account_id,
        reviewer_id=case.reviewer_id,
        appeal_reviewer=case.appeal_reviewer.name if case.appeal_reviewer else "",
        notes=tuple(NoteView(text=row.text, author=row.author_name, at=row.written_at) for row in policies.reach_notes(actor, case).order_by("written_at")),
        candidates=tuple(CandidateView(user_id=one.user_id, name=one.name, load=one.load, why_not=str(BIAS[one.bias]) if one.bias else "") for one in people),
        proposed=first.name if first else "",
        precedent_id=precedent.pk if precedent else None,
        precedent_state=precedent.state if precedent else "",
        why_not_take_up=policies.why_not_take_up(actor, case, ties),
        why_not_assign=policies.why_not_assign(actor, case),
        why_not_decide=policies.why_not_decide(actor, case, ties),
        why_not_dismiss=policies.why_not_dismiss(actor, case, ties),
        why_not_answer_appeal=policies.why_not_answer_appeal(actor, case, ties),
        why_not_note=policies.why_not_write_note(actor),
        why_not_prepare=policies.why_not_prepare(actor, case, has_ruling=any(one.appeal_result != AppealResult.REMANDED for one in rulings)),
        may_read_sealed=policies.may_read_sealed(actor, case),
    )


def case_for_partner(actor: Actor, case_id: UUID, at: datetime) -> PartnerCase:
    """A side's own view. Raises NotFound for everybody else."""
    if not actor.is_partner:
        raise NotFound()
    case = policies.reach(actor).one(case_id)
    was_appealed = Appeal.objects.filter(case=case).exists()
    return PartnerCase(
        **_common(actor, case, _rulings(actor, case), at),
        why_not_appeal=policies.why_not_appeal(actor, case, was_appealed=was_appealed, at=at),
        why_not_withdraw=policies.why_not_withdraw(actor, case),
    )


def second_reviewer_of(actor: Actor, case_id: UUID) -> UUID | None:
    """Who holds the appeal of a case. Raises NotFound."""
    return policies.reach(actor).one(case_id).appeal_reviewer_id if actor.sees_all_partners else None


def version_of(actor: Actor, case_id: UUID) -> int:
    return policies.reach(actor).one(case_id).version


def _common(actor: Actor, case: ConflictCase, rulings: tuple[RulingView, ...], at: datetime) -> dict[str, Any]:
    promise = promises.clock(case.pk, DECISION, at)
    sides = _sides(actor, case, at)
    said = len(sides[mine].statements) if (mine := policies.side_of(actor, case)) else 0
    registration_id = case.registration_id if actor.sees_all_partners or case.partner_id in actor.partner_ids else case.other_registration_id
    row = case_row(actor, case, promise)
    return {
        "row": row,
        "claimant": sides[Side.CLAIMANT],
        "respondent": sides[Side.RESPONDENT],
        "facts": _facts(actor, case),
        "rulings": rulings,
        "late_remedies": tuple(_remedy(one) for one in Remedy.objects.filter(case=case, ruling=None).order_by("at", "pk")),
        "appeal": _appeal(actor, case),
        "similar": similar_to(case, rulings[-1].clause if rulings else ""),
        "statements_due_at": case.statements_due_at,
        "revealed_at": case.revealed_at,
        "round": case.round,
        "ended_reason": case.ended_reason,
        "promise": promise,
        "appeal_promise": promises.clock(case.pk, APPEAL, at),
        "why_not_speak": policies.why_not_speak(actor, case, said),
        "registration_id": registration_id,
        "registration": row.about,
    }


def _sides(actor: Actor, case: ConflictCase, at: datetime) -> dict[str, SideView]:
    """Both columns. A partner may not read the other side's row, so who answers stands in the case itself."""
    statements = list(policies.reach_said(actor, case, Statement).order_by("said_at", "pk"))
    evidence = list(policies.reach_said(actor, case, Evidence).order_by("said_at", "pk"))
    parties = {row.side: row for row in Party.objects.filter(case=case)}
    return {side: _side(actor, case, side, parties.get(side), statements, evidence, at) for side in Side}


def _side(actor: Actor, case: ConflictCase, side: Side, party: Party | None, statements: list[Statement], evidence: list[Evidence], at: datetime) -> SideView:
    partner_id = case.partner_id if side == Side.CLAIMANT else case.other_partner_id
    mine = policies.side_of(actor, case) == side
    said = tuple(_statement(actor, case, row) for row in statements if row.partner_id == partner_id)
    shown = tuple(_evidence(actor, case, row) for row in evidence if row.partner_id == partner_id)
    clock = promises.clock(party.pk, STATEMENT if partner_id else EXPLANATION, at) if party else None
    hides = not mine and not policies.may_read_sealed(actor, case) and case.revealed_at is None and not (actor.is_vendor and partner_id is None)
    return SideView(
        side=side, name=_side_name(actor, case, side), is_mine=mine, is_vendor=partner_id is None and actor.sees_all_partners,
        spoke_at=party.spoke_at if party and not hides else None, statements=said, evidence=shown, is_waiting=case.revealed_at is None and not said,
        has_hidden=hides, due_at=clock.due_at if clock and clock.is_open else None,
    )  # fmt: skip


def _side_name(actor: Actor, case: ConflictCase, side: Side) -> str:
    """Names for the vendor. A partner reads "You" and, where the other side may be a partner, nothing that says which or whether."""
    if actor.sees_all_partners:
        partner = case.partner if side == Side.CLAIMANT else case.other_partner
        return partner.name if partner else identity.vendor_organization().name
    if policies.side_of(actor, case) == side:
        return _("Your side")
    return _("The other side") if case.type in ("partner_vs_partner", "post_deal_credit") or side == Side.CLAIMANT else identity.vendor_organization().name


def _statement(actor: Actor, case: ConflictCase, row: Statement) -> StatementView:
    return StatementView(
        id=row.pk, text=row.text, author=_author(actor, case, row.partner_id, row.author_name), said_at=row.said_at, is_sealed=row.revealed_at is None,
        is_mine=actor.is_partner and row.partner_id in actor.partner_ids,
    )  # fmt: skip


def _evidence(actor: Actor, case: ConflictCase, row: Evidence) -> EvidenceView:
    return EvidenceView(
        id=row.pk, name=row.name, content_type=row.content_type, size=row.size, author=_author(actor, case, row.partner_id, row.author_name), at=row.said_at,
        is_sealed=row.revealed_at is None,
    )  # fmt: skip


def _author(actor: Actor, case: ConflictCase, partner_id: UUID | None, name: str) -> str:
    """The name of a person, for one's own side and the vendor's reader; the other side has none."""
    return name if actor.sees_all_partners or (partner_id in actor.partner_ids and partner_id is not None) else ""


def open_evidence(actor: Actor, evidence_id: UUID) -> OpenedFile:
    """A file that this person may read now. Raises NotFound."""
    row = Evidence.objects.one(evidence_id)
    case = policies.reach(actor).one(row.case_id)
    found = policies.reach_said(actor, case, Evidence).one(evidence_id)
    return OpenedFile(name=found.name, content_type=found.content_type, file=default_storage.open(found.storage_key))


def _facts(actor: Actor, case: ConflictCase) -> tuple[FactView, ...]:
    rows = policies.reach_facts(actor, case).order_by("happened_at", "pk")
    shared = {"touch", "registration", "protection", "decision", "rule", "territory"}
    return tuple(fact_view(actor, case, row, is_internal=actor.sees_all_partners and row.kind not in shared) for row in rows)


def _rulings(actor: Actor, case: ConflictCase) -> tuple[RulingView, ...]:
    rows = Ruling.objects.filter(case=case).prefetch_related("remedies").order_by("at", "pk")
    return tuple(_ruling(actor, row) for row in rows)


def _ruling(actor: Actor, row: Ruling) -> RulingView:
    return RulingView(
        id=row.pk, kind=row.kind, round=row.round, finding=row.finding, finding_label=label_of(FINDING, row.finding),
        finding_tone=tone_of(FINDING, row.finding), appeal_result=row.appeal_result,
        appeal_result_label=label_of(APPEAL_RESULT, row.appeal_result) if row.appeal_result else "",
        reasons=row.reasons,
        would_change=row.would_change, clause=row.clause, clause_text=row.clause_text, clause_source=row.clause_source, clause_kind=row.clause_kind,
        clause_version_id=row.clause_version_id, clause_version=row.clause_version, by=row.by_name if actor.sees_all_partners else "", at=row.at,
        remedies=tuple(_remedy(one) for one in sorted(row.remedies.all(), key=lambda one: (one.at, str(one.pk)))),
    )  # fmt: skip


def _remedy_label(row: Remedy) -> str:
    if row.code != "taken_back":
        return label_of(REMEDY, row.code)
    return _("Taken back: %(what)s") % {"what": label_of(REMEDY, row.done.get("code", ""))}


def _remedy(row: Remedy) -> RemedyView:
    until = row.done.get("until")
    return RemedyView(
        code=row.code, label=_remedy_label(row), icon=REMEDY_ICON.get(row.code, "scale"), clause=row.clause, text=row.clause_text,
        rule_kind=row.rule_kind, rule_version_id=row.rule_version_id, days=row.days, percent=row.percent,
        until=datetime.fromisoformat(until) if until else None, at=row.at,
    )  # fmt: skip


def _appeal(actor: Actor, case: ConflictCase) -> AppealView | None:
    row = Appeal.objects.filter(case=case).first()
    if row is None:
        return None
    reviewer = identity.names_of([row.reviewer_id]).get(row.reviewer_id, "") if row.reviewer_id and actor.sees_all_partners else ""
    return AppealView(
        text=row.text, is_mine=actor.is_partner and row.partner_id in actor.partner_ids, by=_author(actor, case, row.partner_id, row.author_name),
        filed_at=row.filed_at, result=row.result, result_label=label_of(APPEAL_RESULT, row.result) if row.result else "", answered_at=row.answered_at,
        reviewer=reviewer,
    )  # fmt: skip
