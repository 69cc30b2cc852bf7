"""Risk cases: the list, one case for the vendor, and what waits."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from openprm.compliance import policies
from openprm.compliance.models import CaseDecision, Flag, Owner, Questionnaire, ReferenceCheck, Reply, RiskCase, ScreeningRun
from openprm.compliance.queries.pieces import document_view, facts_of, names_of, owner_view, reply_row
from openprm.compliance.queries.results import CaseRow, DecisionView, FlagView, ReferenceView, ScreeningView, Summary, VendorCase
from openprm.compliance.rules import cases as rules
from openprm.compliance.rules.cases import State
from openprm.compliance.wording import APPROVERS, CASE_STATE, FLAG_SOURCE, FLAG_STATE, LEVELS, NEEDS, RISK_TONE, reason
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.partners import queries as partners
from openprm.promises import queries as promises
from openprm.ui.listspec import Range
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"partner": "partner__name", "risk": "risk_rank", "state": "state", "until": "approved_until", "opened": "opened_at", "flags": "flags_open"}
MOST = 500


def cases(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice:
    """A page of the list. Three queries."""
    found = slice_of(_filtered(actor, search, filters), page, order_by=SORTS)
    clocks = promises.clocks([row.pk for row in found.rows], "compliance.decision", at)
    return found.map(lambda row: _row(row, clocks.get(row.pk)))


def export_cases(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[CaseRow]:
    for row in _filtered(actor, search, filters).order_by("partner__name", "pk").iterator(chunk_size=1000):
        yield _row(row, None)


def newest_cases(actor: Actor, *, filters: Mapping[str, Any]) -> QuerySet:
    """For the API: rows that `case_row` reads."""
    return _filtered(actor, "", filters)


def case_row(row: RiskCase) -> CaseRow:
    return _row(row, None)


def _filtered(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    flags = Flag.objects.filter(case=OuterRef("pk"), state=Flag.State.OPEN).order_by().values("case").annotate(n=Count("pk")).values("n")
    rows = policies.reach(actor).select_related("partner").annotate(flags_open=Coalesce(Subquery(flags), 0), risk_rank=_rank())
    for name, column in {"state": "state", "risk": "risk", "country": "partner__country", "partner": "partner_id"}.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    if filters.get("flagged"):
        rows = rows.filter(flags_open__gt=0)
    if isinstance(span := filters.get("until"), Range):
        rows = rows.filter(**{f"approved_until__date__{side}": day for side, day in (("gte", span.low), ("lte", span.high)) if day})
    return rows.filter(Q(partner__name__icontains=search) | Q(partner__legal_name__icontains=search)) if search else rows


def _rank() -> Any:
    return Case(When(risk="high", then=Value(3)), When(risk="medium", then=Value(2)), default=Value(1), output_field=IntegerField())


def _row(row: Any, clock: Any) -> CaseRow:
    label, tone = CASE_STATE[row.state]
    return CaseRow(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, country=row.partner.country, state=row.state, state_label=label, state_tone=tone,
        risk=row.risk, risk_label=LEVELS[row.risk], clause=row.clause, open_flags=row.flags_open, approved_until=row.approved_until,
        due_at=clock.due_at if clock and clock.is_open else None, opened_at=row.opened_at, cycle=row.cycle, version=row.version, created_at=row.created_at,
    )  # fmt: skip


def countries(actor: Actor) -> tuple[tuple[str, str], ...]:
    found = policies.reach(actor).exclude(partner__country="").order_by("partner__country").values_list("partner__country", flat=True).distinct()
    return tuple((code, code) for code in found)


def summary(actor: Actor, at: datetime) -> Summary:
    rows = policies.reach(actor)
    counts = rows.aggregate(
        waiting=Count("pk", filter=Q(state__in=(State.ANSWERED, State.SCREENING, State.CLEARED))),
        high=Count("pk", filter=Q(risk="high")),
        ending=Count("pk", filter=Q(approved_until__gt=at, approved_until__lte=at + timedelta(days=60))),
    )
    ids = rows.filter(state__in=(State.ANSWERED, State.SCREENING, State.CLEARED)).values_list("pk", flat=True)[:MOST]
    late = sum(1 for clock in promises.clocks(list(ids), "compliance.decision", at).values() if clock.is_open and clock.overdue)
    flags = policies.reach_flags(actor).filter(state=Flag.State.OPEN).count()
    without = partners.partner_count(actor) - rows.filter(partner__status="active").count()
    return Summary(late=late, open_flags=flags, without_case=max(0, without), **counts)


def case_of_partner(actor: Actor, partner_id: UUID) -> UUID | None:
    return policies.reach(actor).filter(partner_id=partner_id).values_list("pk", flat=True).first()


def case_version(actor: Actor, case_id: UUID) -> int:
    return policies.reach(actor).one(case_id).version


def case_for_vendor(actor: Actor, case_id: UUID, at: datetime) -> VendorCase:
    """One case with all that was found. Raises NotFound, also for a partner."""
    if not actor.sees_all_partners:
        raise NotFound()
    case = policies.reach(actor).select_related("partner").one(case_id)
    papers = actor.can("compliance.view_papers")
    flags = list(policies.reach_flags(actor).filter(case=case).select_related("evidence_file").order_by("-raised_at", "-pk"))
    references = list(ReferenceCheck.objects.filter(case=case).order_by("-checked_at")) if papers else []
    runs = list(ScreeningRun.objects.filter(case=case).order_by("-at")[:10]) if papers else []
    names = names_of((flag.resolved_by_id for flag in flags), (one.checked_by_id for one in references), (run.by_id for run in runs))
    work = _work(case, references)
    needs = rules.still_needs(case.depth, work)
    label, tone = CASE_STATE[case.state]
    return VendorCase(
        id=case.pk,
        partner_id=case.partner_id,
        partner=case.partner.name,
        legal_name=case.partner.legal_name,
        country=case.partner.country,
        state=case.state,
        state_label=label,
        state_tone=tone,
        cycle=case.cycle,
        risk=case.risk,
        risk_label=LEVELS[case.risk],
        risk_tone=RISK_TONE[case.risk],
        clause=case.clause,
        clause_text=case.clause_text,
        rule_version_id=case.rule_version_id,
        facts=facts_of(case.rule_inputs),
        would_change=tuple(case.would_change),
        government=case.government,
        ownership=case.ownership,
        compensation=case.compensation,
        transaction_minor=case.transaction_minor,
        questionnaire_code=case.questionnaire_code,
        questionnaire=_title(case.questionnaire_code),
        needs_screening=case.needs_screening,
        references_needed=case.references_needed,
        references_done=work.references,
        approver=case.approver,
        approver_label=APPROVERS[case.approver],
        renewal_months=case.renewal_months,
        opened_at=case.opened_at,
        screened_at=case.screened_at,
        approved_until=case.approved_until,
        lapsed_at=case.lapsed_at,
        decided_at=case.decided_at,
        decision_note=case.decision_note,
        flags=tuple(_flag(actor, flag, names) for flag in flags),
        references=tuple(_reference(one, names) for one in references),
        screenings=tuple(_screening(run, names) for run in runs),
        owners=tuple(owner_view(row) for row in Owner.objects.filter(partner=case.partner_id).order_by("name")) if papers else (),
        replies=_replies(actor, case.partner_id, at),
        documents=_documents(actor, case),
        decisions=_decisions(case),
        still_needs=tuple(str(NEEDS[code]) for code in needs),
        offers_questionnaire=not policies.why_not_send(actor, case) and ("answers" in needs or _asks_deeper(flags)),
        promise=promises.clock(case.pk, "compliance.decision", at),
        why_not_review=policies.why_not_review(actor),
        why_not_send=policies.why_not_send(actor, case),
        why_not_screen=policies.why_not_screen(actor, case),
        why_not_approve=policies.why_not_approve(
            actor, case, work, {flag.resolved_by_id for flag in flags if flag.cycle == case.cycle and flag.resolved_by_id}
        ),
        why_not_decline=policies.why_not_decline(actor, case),
        may_see_papers=papers,
        version=case.version,
    )


def _work(case: RiskCase, references: list[ReferenceCheck]) -> rules.Work:
    """What was done in this round; a renewal that nobody began has done nothing."""
    if case.state in (State.RENEWAL, State.LAPSED) and case.cycle == case.approved_cycle:
        return rules.Work(answered=False, screened=False, references=0, open_flags=0)
    return rules.Work(
        answered=Reply.objects.filter(case=case, cycle=case.cycle, state__in=(Reply.State.SUBMITTED, Reply.State.ACCEPTED)).exists(),
        screened=case.screened_at is not None and case.screened_at >= case.cycle_started_at,
        references=sum(1 for one in references if one.cycle == case.cycle and one.outcome == ReferenceCheck.Outcome.POSITIVE),
        open_flags=Flag.objects.filter(case=case, state=Flag.State.OPEN).count(),
    )


def _asks_deeper(flags: list[Flag]) -> bool:
    """Whether the answers led to a higher class than they were asked for, and nobody has dealt with it."""
    return any(flag.fingerprint.startswith("deeper:") and flag.state == Flag.State.OPEN for flag in flags)


def _title(code: str) -> str:
    return Questionnaire.objects.filter(code=code).values_list("title", flat=True).first() or "" if code else ""


def _flag(actor: Actor, flag: Flag, names: dict[UUID, str]) -> FlagView:
    label, tone = FLAG_STATE[flag.state]
    return FlagView(
        id=flag.pk, source=flag.source, source_label=FLAG_SOURCE[flag.source], title=flag.title, detail=flag.detail, score=flag.score,
        reasons=tuple(reason(one) for one in flag.reasons), cycle=flag.cycle, state=flag.state, state_label=label, state_tone=tone, raised_at=flag.raised_at,
        evidence=flag.evidence, evidence_file=document_view(flag.evidence_file) if flag.evidence_file else None,
        resolved_by=names.get(flag.resolved_by_id, "") if flag.resolved_by_id else "", resolved_at=flag.resolved_at,
        why_not_resolve=policies.why_not_resolve(actor, flag),
    )  # fmt: skip


def flags_of(actor: Actor, case_id: UUID) -> tuple[FlagView, ...]:
    """The red flags of a case, newest first. Raises NotFound."""
    policies.reach(actor).one(case_id)
    rows = list(policies.reach_flags(actor).filter(case_id=case_id).select_related("evidence_file").order_by("-raised_at", "-pk"))
    names = names_of(flag.resolved_by_id for flag in rows)
    return tuple(_flag(actor, flag, names) for flag in rows)


def case_of_flag(actor: Actor, flag_id: UUID) -> UUID:
    """Raises NotFound."""
    return policies.reach_flags(actor).one(flag_id).case_id


def _reference(one: ReferenceCheck, names: dict[UUID, str]) -> ReferenceView:
    return ReferenceView(
        id=one.pk, name=one.name, company=one.company, outcome=one.outcome, outcome_label=one.get_outcome_display(), note=one.note,
        checked_by=names.get(one.checked_by_id, "") if one.checked_by_id else "", checked_at=one.checked_at,
    )  # fmt: skip


def _screening(run: ScreeningRun, names: dict[UUID, str]) -> ScreeningView:
    return ScreeningView(
        at=run.at, by=names.get(run.by_id, "") if run.by_id else "", trigger=str(run.get_trigger_display()), lists=tuple(run.lists),
        names=tuple(one["name"] for one in run.names), threshold=run.threshold, hits=run.hits, new_hits=run.new_hits,
    )  # fmt: skip


def _replies(actor: Actor, partner_id: UUID, at: datetime) -> tuple:
    rows = policies.reach_replies(actor).filter(partner_id=partner_id).select_related("partner", "questionnaire").order_by("-sent_at")
    return tuple(reply_row(row, at) for row in rows)


def _documents(actor: Actor, case: RiskCase) -> tuple:
    return tuple(document_view(row) for row in policies.reach_documents(actor).filter(case=case).order_by("-added_at")[:50])


def _decisions(case: RiskCase) -> tuple[DecisionView, ...]:
    return tuple(
        DecisionView(
            cycle=row.cycle,
            outcome=row.outcome,
            risk_label=LEVELS[row.risk],
            note=row.note,
            by=row.decided_by_name,
            approved_until=row.approved_until,
            at=row.at,
        )
        for row in CaseDecision.objects.filter(case=case).order_by("-at")
    )
