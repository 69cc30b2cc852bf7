"""Questionnaires sent to partners: answered in pieces, submitted, sent back, accepted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.events import QuestionnaireSent, QuestionnaireSubmitted
from openprm.compliance.models import Document, Questionnaire, QuestionnaireVersion, Reply, RiskCase
from openprm.compliance.rules import questions
from openprm.compliance.rules.cases import RENEW_BEFORE, State, months_later
from openprm.compliance.services import cases, flags, screening
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.rating import rate
from openprm.compliance.services.unit import ANSWERS, DECISION, ForbiddenMove, as_system, load, move, record, save, start_clock, text
from openprm.compliance.wording import FAULT
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.promises import services as promises

LEVELS = ("low", "medium", "high")


class AlreadyAsked(Conflict):
    """The partner has this questionnaire already."""


@transaction.atomic
def send_questionnaire(*, actor: Actor, case_id: UUID, message: str = "", version: int | None = None, at: datetime) -> UUID:
    """Ask the partner what the class of risk asks for; gives the reply to come. Raises NotFound, NotAllowed, Stale, AlreadyAsked."""
    case = load(policies.reach(actor), case_id, version)
    refuse_if(policies.why_not_send(actor, case))
    fields = cases.take_up(case, at)
    reply = _ask(actor, case.partner_id, case.questionnaire_code, text("message", message, longest=2000, required=False, lines=True), at, case)
    before = case.snapshot()
    move(case, State.SENT, *fields)
    promises.pause(subject_id=case.pk, code=DECISION, at=at, reason=_("The partner was asked for more."))
    record(actor, "compliance.sent", case, before=before, data={"questionnaire": case.questionnaire_code}, refs=(reply.pk,), at=at)
    return reply.pk


@transaction.atomic
def request_esg(*, actor: Actor, partner_id: UUID, code: str = "esg", message: str = "", at: datetime) -> UUID:
    """Ask a partner for its ESG answers. Raises NotFound, NotAllowed, AlreadyAsked."""
    partners.partner(actor, partner_id)
    refuse_if(policies.why_not_review(actor))
    reply = _ask(actor, partner_id, code, text("message", message, longest=2000, required=False, lines=True), at)
    record(actor, "compliance.esg_requested", reply, after={}, at=at)
    return reply.pk


def _ask(actor: Actor, partner_id: UUID, code: str, message: str, at: datetime, case: RiskCase | None = None) -> Reply:
    asked = QuestionnaireVersion.objects.filter(questionnaire__code=code, state=QuestionnaireVersion.State.PUBLISHED).select_related("questionnaire").first()
    purpose = Questionnaire.Purpose.DUE_DILIGENCE if case else Questionnaire.Purpose.ESG
    if asked is None or asked.questionnaire.purpose != purpose:
        raise Invalid(_("There is no published questionnaire “%(code)s”. Publish one first.") % {"code": code[:40]}, field="questionnaire")
    with refused_by("one_open_reply_per_questionnaire", AlreadyAsked(_("The partner has this questionnaire already and did not finish it."))):
        reply = Reply.objects.create(
            partner_id=partner_id, case=case, cycle=case.cycle if case else 1, questionnaire=asked.questionnaire, questions=asked, message=message, sent_at=at,
            due_at=at + timedelta(days=asked.questionnaire.answer_days), answers=_last_answers(partner_id, asked),
        )  # fmt: skip
    start_clock(ANSWERS, reply, partner_id, at)
    publish(QuestionnaireSent(reply_id=reply.pk, partner_id=partner_id, actor_id=actor.user_id, returned=False, at=at))
    return reply


def _last_answers(partner_id: UUID, asked: QuestionnaireVersion) -> dict[str, Any]:
    """What the partner said last time, where the question is still the same: it need not be typed again."""
    last = Reply.objects.filter(partner_id=partner_id, questionnaire=asked.questionnaire, submitted_at__isnull=False).order_by("-submitted_at").first()
    return questions.clean(questions.read(asked.questions), last.answers)[0] if last else {}


@transaction.atomic
def save_answers(*, actor: Actor, reply_id: UUID, answers: Mapping[str, Any], version: int | None = None, at: datetime) -> int:
    """Keep what is answered so far; gives the new version. Raises NotFound, NotAllowed, Invalid (with all faults), Stale."""
    reply = load(policies.reach_replies(actor).select_related("questions"), reply_id, version)
    refuse_if(policies.why_not_edit_reply(actor, reply))
    kept, faults = questions.clean(questions.read(reply.questions.questions), answers)
    if faults:
        raise Invalid(problems=[Problem(f"answers.{fault.question}", str(FAULT[fault.code]), fault.code) for fault in faults])
    reply.answers = kept
    with refused_by("reply_follows", ForbiddenMove(_("These answers are submitted. They can be changed when we send them back to you."))):
        save(reply, "answers")
    return reply.version


@transaction.atomic
def submit(*, actor: Actor, reply_id: UUID, version: int | None = None, at: datetime) -> None:
    """Hand the answers over: from now on they stay as they are. Raises NotFound, NotAllowed, Invalid (what is missing), Stale."""
    reply = load(policies.reach_replies(actor).select_related("questions", "questionnaire"), reply_id, version)
    refuse_if(policies.why_not_edit_reply(actor, reply))
    asked = questions.read(reply.questions.questions)
    files = list(Document.objects.filter(reply=reply).values_list("question", flat=True))
    if missing := questions.missing(asked, reply.answers, files):
        raise Invalid(problems=[Problem(f"answers.{fault.question}", str(FAULT[fault.code]), fault.code) for fault in missing])
    with as_system(actor):
        _submitted(actor, reply, asked, at)


def _submitted(actor: Actor, reply: Reply, asked: tuple[questions.Question, ...], at: datetime) -> None:
    before = reply.snapshot()
    score = questions.score(asked, reply.answers)
    reply.state, reply.submitted_at, reply.submitted_by_id = Reply.State.SUBMITTED, at, actor.user_id
    reply.score, reply.category_scores = (score.total, [list(one) for one in score.categories]) if score else (None, [])
    save(reply, "state", "submitted_at", "submitted_by", "score", "category_scores")
    record(actor, "compliance.answered", reply, before=before, refs=(reply.case_id,) if reply.case_id else (), at=at)
    promises.keep(subject_id=reply.pk, code=ANSWERS, at=at)
    publish(QuestionnaireSubmitted(reply_id=reply.pk, partner_id=reply.partner_id, actor_id=actor.user_id, at=at))
    if reply.case_id:
        _examine(RiskCase.objects.locked().one(reply.case_id), reply, asked, at)


def _examine(case: RiskCase, reply: Reply, asked: tuple[questions.Question, ...], at: datetime) -> None:
    """What answers bring with them: new facts, another class, red flags, and the screening it asks for."""
    told = questions.facts_told(asked, reply.answers)
    case.government, case.ownership = _stronger(case.government, told.get("government")), told.get("ownership", case.ownership)
    case.compensation = told.get("compensation", case.compensation)
    before = case.risk
    fields = rate(case, at)
    move(case, State.ANSWERED, "government", "ownership", "compensation", *fields)
    start_clock(DECISION, case, case.partner_id, at)
    promises.resume(subject_id=case.pk, code=DECISION, at=at)
    flags.raise_from_answers(case, questions.red_answers(asked, reply.answers), at)
    if LEVELS.index(case.risk) > LEVELS.index(before):
        flags.raise_deeper(case, at)
    if case.needs_screening:
        screening.screen(SYSTEM, case, "case", at)
    cases.settle(case, at)


def _stronger(known: str, told: str | None) -> str:
    """Dealings with government that are known do not go away because nobody mentions them."""
    order = ("none", "sells_to", "official")
    return max(known, told, key=order.index) if told in order else known


@transaction.atomic
def return_reply(*, actor: Actor, reply_id: UUID, message: str, version: int | None = None, at: datetime) -> None:
    """Send answers back with a question; the partner changes them and submits again. Raises NotFound, NotAllowed, Invalid, Stale."""
    reply = load(policies.reach_replies(actor).select_related("questionnaire"), reply_id, version)
    refuse_if(policies.why_not_review(actor))
    if reply.state != Reply.State.SUBMITTED:
        raise ForbiddenMove(_("Only submitted answers can be sent back."))
    before = reply.snapshot()
    reply.message = text("message", message, longest=2000, lines=True)
    reply.state, reply.due_at = Reply.State.SENT, at + timedelta(days=reply.questionnaire.answer_days)
    if reply.case_id:
        move(RiskCase.objects.locked().one(reply.case_id), State.SENT)
        promises.pause(subject_id=reply.case_id, code=DECISION, at=at, reason=_("The partner was asked for more."))
    save(reply, "state", "message", "due_at")
    record(actor, "compliance.returned", reply, before=before, note=reply.message, refs=(reply.case_id,) if reply.case_id else (), at=at)
    start_clock(ANSWERS, reply, reply.partner_id, at)
    publish(QuestionnaireSent(reply_id=reply.pk, partner_id=reply.partner_id, actor_id=actor.user_id, returned=True, at=at))


@transaction.atomic
def accept_esg(*, actor: Actor, reply_id: UUID, version: int | None = None, at: datetime) -> datetime:
    """Take ESG answers as they are; they hold for the questionnaire's time. Raises NotFound, NotAllowed, ForbiddenMove, Stale."""
    reply = load(policies.reach_replies(actor).select_related("questionnaire"), reply_id, version)
    refuse_if(policies.why_not_review(actor))
    if reply.state != Reply.State.SUBMITTED or reply.case_id:
        raise ForbiddenMove(_("Only submitted ESG answers can be accepted."))
    before = reply.snapshot()
    reply.state, reply.accepted_at, reply.accepted_by_id = Reply.State.ACCEPTED, at, actor.user_id
    reply.valid_until = months_later(at, reply.questionnaire.valid_months)
    save(reply, "state", "accepted_at", "accepted_by", "valid_until")
    record(actor, "compliance.esg_accepted", reply, before=before, data={"score": reply.score}, at=at)
    refresh_gates(partner_id=reply.partner_id, at=at)
    return reply.valid_until


def renew_esg(*, at: datetime, limit: int = 100) -> int:
    """Ask again for ESG answers that end within 60 days, once; gives how many were asked. Runs in the system's scope."""
    ending = Reply.objects.filter(case=None, state=Reply.State.ACCEPTED, valid_until__gt=at, valid_until__lte=at + RENEW_BEFORE)
    newer = Reply.objects.filter(partner_id=OuterRef("partner_id"), questionnaire_id=OuterRef("questionnaire_id"), sent_at__gt=OuterRef("sent_at"))
    rows = ending.exclude(Exists(newer)).filter(partner__status="active").select_related("questionnaire").order_by("valid_until")[:limit]
    for reply in rows:
        request_esg(actor=SYSTEM, partner_id=reply.partner_id, code=reply.questionnaire.code, at=at)
    return len(rows)
