"""What waits: for the vendor's people to decide, for a partner to answer; and the partner's own page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.models import Certificate, Flag, Reply
from openprm.compliance.models.papers import PROOF_KINDS
from openprm.compliance.queries import papers
from openprm.compliance.queries.pieces import facts_of, reply_row
from openprm.compliance.queries.results import PartnerCase, Portal, Todo
from openprm.compliance.rules.cases import PROOF_WITH_PARTNER, PROOF_WITH_VENDOR, State
from openprm.compliance.wording import CASE_STATE, LEVELS, PORTAL_STATE, PROOF_STATE
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.partners import queries as partners
from openprm.promises import queries as promises

MOST = 60
DECIDABLE = (State.ANSWERED, State.SCREENING, State.CLEARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for a person of the vendor or of the partner."""

    key: str
    title: str
    detail: str
    url: str
    icon: str
    due_at: datetime | None
    overdue: bool
    tone: str = ""


def waiting(actor: Actor, at: datetime) -> tuple[Waiting, ...]:
    """What this person can decide or answer, soonest promise first."""
    found = _for_partner(actor, at) if actor.is_partner else _for_vendor(actor, at)
    return tuple(sorted(found, key=lambda one: (one.due_at is None, one.due_at, one.key)))


def waiting_count(actor: Actor) -> int:
    """How many cases, certificates and verifications wait for this person."""
    if actor.is_partner:
        return policies.reach_replies(actor).filter(state=Reply.State.SENT).count() if actor.can("compliance.answer") else 0
    if not actor.can("compliance.review"):
        return 0
    return policies.reach(actor).filter(state__in=DECIDABLE).count()


def papers_waiting(actor: Actor) -> int | None:
    """Certificates and verifications that wait for a check."""
    if not actor.can("compliance.review"):
        return None
    return (
        policies.reach_certificates(actor).filter(state=Certificate.State.SUBMITTED).count()
        + policies.reach_verifications(actor).filter(state__in=PROOF_WITH_VENDOR).count()
    )


def _for_vendor(actor: Actor, at: datetime) -> list[Waiting]:
    if not actor.can("compliance.review"):
        return []
    return [*_cases(actor, at), *_certificates(actor, at), *_verifications(actor, at), *_esg(actor, at)]


def _cases(actor: Actor, at: datetime) -> list[Waiting]:
    rows = list(policies.reach(actor).filter(state__in=DECIDABLE).select_related("partner").order_by("opened_at")[:MOST])
    if "vendor_admin" not in actor.roles and not actor.is_system:
        rows = [row for row in rows if not (row.state == State.CLEARED and row.approver == "vendor_admin")]
    clocks = promises.clocks([row.pk for row in rows], "compliance.decision", at)
    flagged = set(Flag.objects.filter(case__in=[row.pk for row in rows], state=Flag.State.OPEN).values_list("case_id", flat=True))
    return [
        Waiting(
            key=f"compliance.case:{row.pk}",
            title=_("Due diligence of %(partner)s") % {"partner": row.partner.name},
            detail=_("%(risk)s risk, %(state)s") % {"risk": LEVELS[row.risk], "state": str(CASE_STATE[row.state][0]).lower()},
            url=reverse("compliance:case", args=[row.pk]),
            icon="shield-alert" if row.pk in flagged else "shield-check",
            due_at=clocks[row.pk].due_at if row.pk in clocks else None,
            overdue=row.pk in clocks and clocks[row.pk].overdue,
            tone="bad" if row.pk in flagged else "",
        )
        for row in rows
    ]


def _certificates(actor: Actor, at: datetime) -> list[Waiting]:
    rows = policies.reach_certificates(actor).filter(state=Certificate.State.SUBMITTED).select_related("partner", "kind").order_by("submitted_at")[:MOST]
    found = [(row.pk, _("%(kind)s of %(partner)s") % {"kind": row.kind.name, "partner": row.partner.name}) for row in rows]
    return _listed(found, "certificate", _("A certificate waits for your check"), "award", at)


def _verifications(actor: Actor, at: datetime) -> list[Waiting]:
    rows = policies.reach_verifications(actor).filter(state__in=PROOF_WITH_VENDOR).select_related("partner").order_by("submitted_at")[:MOST]
    found = [(row.pk, _("%(kind)s verification of %(partner)s") % {"kind": PROOF_KINDS[row.kind], "partner": row.partner.name}) for row in rows]
    return _listed(found, "verification", _("Papers wait for your decision"), "badge-check", at)


def _listed(found: list[tuple[UUID, str]], what: str, detail: str, icon: str, at: datetime) -> list[Waiting]:
    clocks = promises.clocks([pk for pk, _title in found], f"compliance.{what}", at)
    return [
        Waiting(
            key=f"compliance.{what}:{pk}", title=title, detail=detail, url=reverse(f"compliance:{what}", args=[pk]), icon=icon,
            due_at=clocks[pk].due_at if pk in clocks else None, overdue=pk in clocks and clocks[pk].overdue,
        )
        for pk, title in found
    ]  # fmt: skip


def _esg(actor: Actor, at: datetime) -> list[Waiting]:
    rows = (
        policies.reach_replies(actor).filter(case=None, state=Reply.State.SUBMITTED).select_related("partner", "questionnaire").order_by("submitted_at")[:MOST]
    )
    return [
        Waiting(
            key=f"compliance.esg:{row.pk}",
            title=_("ESG answers of %(partner)s") % {"partner": row.partner.name},
            detail=_("Score %(score)d of 100") % {"score": row.score or 0},
            url=reverse("compliance:reply", args=[row.pk]),
            icon="globe",
            due_at=None,
            overdue=False,
        )
        for row in rows
    ]


def _for_partner(actor: Actor, at: datetime) -> list[Waiting]:
    if not actor.can("compliance.answer"):
        return []
    return [
        Waiting(
            key=f"compliance.todo:{todo.url}", title=todo.title, detail=todo.detail, url=todo.url, icon=todo.icon, due_at=todo.due_at, overdue=todo.is_late
        )
        for todo in _todos(actor, at)
    ]  # fmt: skip


def _todos(actor: Actor, at: datetime) -> list[Todo]:
    """What is open for the partner: questionnaires to answer, papers that were sent back, certificates that end."""
    rows = policies.reach_replies(actor).filter(state=Reply.State.SENT).select_related("questionnaire").order_by("due_at")
    todos = [
        Todo(
            title=_("Answer: %(title)s") % {"title": row.questionnaire.title}, detail=row.message[:200] or _("You can stop and go on at any time."),
            url=reverse("compliance:portal_reply", args=[row.pk]), icon="file-pen", due_at=row.due_at, is_late=row.due_at < at,
        )
        for row in rows
    ]  # fmt: skip
    return [*todos, *_papers_back(actor), *_ending(actor, at)]


def _papers_back(actor: Actor) -> list[Todo]:
    rows = policies.reach_verifications(actor).filter(state__in=PROOF_WITH_PARTNER)
    return [
        Todo(
            title=_("%(kind)s verification") % {"kind": PROOF_KINDS[row.kind]}, detail=row.message[:200] or str(PROOF_STATE[row.state][0]),
            url=reverse("compliance:portal_verification", args=[row.pk]), icon="badge-check", due_at=None, is_late=row.state == "expired",
        )
        for row in rows
    ]  # fmt: skip


def _ending(actor: Actor, at: datetime) -> list[Todo]:
    held = policies.reach_certificates(actor).filter(Q(state="verified") | Q(state="submitted") | Q(state="expired")).select_related("kind")
    best: dict[UUID, Certificate] = {}
    for row in held.order_by("valid_until"):
        best[row.kind_id] = row
    return [
        Todo(
            title=_("Renew %(kind)s") % {"kind": row.kind.name},
            detail=_("It has run out.") if row.valid_until <= at else _("It ends soon."),
            url=reverse("compliance:portal_certificate_new") + f"?kind={row.kind.code}",
            icon="award",
            due_at=row.valid_until,
            is_late=row.valid_until <= at,
        )
        for row in best.values()
        if row.state != Certificate.State.SUBMITTED and (row.valid_until - at).days < 60
    ]


def portal(actor: Actor, at: datetime) -> Portal:
    """All of a partner's compliance on one page. Raises NotFound for anybody who is no partner."""
    if actor.partner_id is None:
        raise NotFound()
    started = papers.verifications_of(actor, actor.partner_id)
    rows = policies.reach_replies(actor).exclude(state=Reply.State.WITHDRAWN).select_related("partner", "questionnaire").order_by("-sent_at")
    return Portal(
        case=partner_case(actor, at),
        todos=tuple(_todos(actor, at)),
        replies=tuple(reply_row(row, at) for row in rows),
        certificates=papers.certificates_of(actor, actor.partner_id, at),
        verifications=started,
        not_started=tuple((kind, label) for kind, label in PROOF_KINDS.items() if kind not in {one.kind for one in started}),
        owners=papers.owners(actor, actor.partner_id),
        gates=tuple(one for one in partners.gates_with_ahead(actor.partner_id, at) if one.source == "compliance"),
        may_answer=policies.why_not_answer(actor, actor.partner_id) is None,
    )


def partner_case(actor: Actor, at: datetime) -> PartnerCase | None:
    """The partner's own case, without anything that is for the vendor's people."""
    row = policies.reach(actor).filter(partner_id=actor.partner_id).first()
    if row is None:
        return None
    label, tone = PORTAL_STATE[row.state]
    return PartnerCase(
        id=row.pk, state=row.state, state_label=label, state_tone=tone, risk_label=LEVELS[row.risk], clause=row.clause, clause_text=row.clause_text,
        facts=facts_of(row.rule_inputs), approved_until=row.approved_until, decision_note=row.decision_note if row.state in ("approved", "declined") else "",
        promise=promises.clock(row.pk, "compliance.decision", at), version=row.version,
    )  # fmt: skip
