"""Replies, certificates, verifications, owners and files, through their policies."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.models import Certificate, CertificateKind, Reply, Verification
from openprm.compliance.queries.pieces import certificate_view, documents_of, names_of, owner_view, reply_row, verification_view
from openprm.compliance.queries.results import Answered, CertificateView, KindView, Opened, OwnerView, ReplyRow, ReplyView, VerificationView
from openprm.compliance.rules import questions
from openprm.compliance.wording import CATEGORY, REPLY_STATE, answer_words
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.ui.listspec import Range
from openprm.ui.paging import PageRequest, Slice, slice_of

CERTIFICATE_SORTS = {"partner": "partner__name", "kind": "kind__name", "state": "state", "expires": "expires_on", "submitted": "submitted_at"}
VERIFICATION_SORTS = {"partner": "partner__name", "kind": "kind", "state": "state", "submitted": "submitted_at", "started": "started_at"}
REPLY_SORTS = {"partner": "partner__name", "state": "state", "score": "score", "sent": "sent_at", "due": "due_at", "valid": "valid_until"}


def reply(actor: Actor, reply_id: UUID, at: datetime) -> ReplyView:
    """Answers beside their questions. Raises NotFound."""
    row = policies.reach_replies(actor).select_related("partner", "questionnaire", "questions").one(reply_id)
    label, tone = REPLY_STATE[row.state]
    return ReplyView(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, case_id=row.case_id, questionnaire=row.questionnaire.title,
        questionnaire_code=row.questionnaire.code, purpose=row.questionnaire.purpose, number=row.questions.number, sha256=row.questions.sha256,
        intro=row.questions.intro, state=row.state, state_label=label, state_tone=tone, message=row.message, sent_at=row.sent_at, due_at=row.due_at,
        submitted_at=row.submitted_at, submitted_by=names_of((row.submitted_by_id,)).get(row.submitted_by_id, ""), valid_until=row.valid_until, score=row.score,
        category_scores=tuple((CATEGORY[name], points) for name, points in row.category_scores), answers=_answers(actor, row),
        is_overdue=row.state == Reply.State.SENT and row.due_at < at, why_not_edit=policies.why_not_edit_reply(actor, row),
        why_not_review=policies.why_not_review(actor), version=row.version, created_at=row.created_at,
    )  # fmt: skip


def _answers(actor: Actor, row: Reply) -> tuple[Answered, ...]:
    asked, files = questions.read(row.questions.questions), documents_of(row.documents.all())
    shows_marks = actor.sees_all_partners
    red = {one.question for one in questions.red_answers(asked, row.answers)} if shows_marks else set()
    return tuple(
        Answered(
            question=one, value=row.answers.get(one.id), words=answer_words(one, row.answers.get(one.id)), is_red=one.id in red,
            points=sum(option.points for option in questions.chosen(one, row.answers)) if one.best else None,
            files=tuple(file for file in files if file.question == one.id),
        )
        for one in asked
    )  # fmt: skip


def replies(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice:
    """A page of the list of questionnaires. Two queries."""
    return slice_of(_replies(actor, search, filters), page, order_by=REPLY_SORTS).map(lambda row: reply_row(row, at))


def export_replies(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> Iterator[ReplyRow]:
    for row in _replies(actor, search, filters).order_by("partner__name", "pk").iterator(chunk_size=1000):
        yield reply_row(row, at)


def newest_replies(actor: Actor, filters: Mapping[str, Any]) -> QuerySet:
    return _replies(actor, "", filters)


def _replies(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_replies(actor).select_related("partner", "questionnaire")
    rows = _narrowed(rows, filters, {"state": "state", "purpose": "questionnaire__purpose", "partner": "partner_id"})
    return rows.filter(partner__name__icontains=search) if search else rows


def certificates(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice:
    """A page of the certificate register. Two queries."""
    return slice_of(_certificates(actor, search, filters), page, order_by=CERTIFICATE_SORTS).map(lambda row: certificate_view(actor, row, at))


def export_certificates(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> Iterator[CertificateView]:
    for row in _certificates(actor, search, filters).order_by("partner__name", "pk").iterator(chunk_size=1000):
        yield certificate_view(actor, row, at)


def newest_certificates(actor: Actor, filters: Mapping[str, Any]) -> QuerySet:
    return _certificates(actor, "", filters)


def certificate_row(actor: Actor, row: Certificate, at: datetime) -> CertificateView:
    return certificate_view(actor, row, at)


def _certificates(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_certificates(actor).select_related("partner", "kind")
    rows = _narrowed(rows, filters, {"state": "state", "kind": "kind__code", "partner": "partner_id"})
    if isinstance(span := filters.get("expires"), Range):
        rows = rows.filter(**{f"expires_on__{side}": day for side, day in (("gte", span.low), ("lte", span.high)) if day})
    return rows.filter(partner__name__icontains=search) if search else rows


def certificate(actor: Actor, certificate_id: UUID, at: datetime) -> CertificateView:
    """One certificate with its files. Raises NotFound."""
    row = policies.reach_certificates(actor).select_related("partner", "kind").one(certificate_id)
    return certificate_view(actor, row, at, names=names_of((row.verified_by_id,)), files=True)


def certificates_of(actor: Actor, partner_id: UUID, at: datetime) -> tuple[CertificateView, ...]:
    rows = policies.reach_certificates(actor).filter(partner_id=partner_id).select_related("partner", "kind").prefetch_related("documents")
    return tuple(certificate_view(actor, row, at, files=True) for row in rows.order_by("kind__name", "-expires_on"))


def verifications(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of the list of verifications. Three queries."""
    rows = _verifications(actor, filters)
    rows = rows.filter(partner__name__icontains=search) if search else rows
    return slice_of(rows, page, order_by=VERIFICATION_SORTS).map(lambda row: verification_view(actor, row))


def export_verifications(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[VerificationView]:
    for row in _verifications(actor, filters).filter(partner__name__icontains=search).order_by("partner__name", "pk"):
        yield verification_view(actor, row)


def newest_verifications(actor: Actor, filters: Mapping[str, Any]) -> QuerySet:
    return _verifications(actor, filters)


def verification_row(actor: Actor, row: Verification) -> VerificationView:
    return verification_view(actor, row)


def _verifications(actor: Actor, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_verifications(actor).select_related("partner").prefetch_related("documents")
    return _narrowed(rows, filters, {"state": "state", "kind": "kind", "partner": "partner_id"})


def verification(actor: Actor, verification_id: UUID) -> VerificationView:
    """Raises NotFound."""
    row = policies.reach_verifications(actor).select_related("partner").one(verification_id)
    return verification_view(actor, row, names=names_of((row.decided_by_id,)))


def verifications_of(actor: Actor, partner_id: UUID) -> tuple[VerificationView, ...]:
    rows = policies.reach_verifications(actor).filter(partner_id=partner_id).select_related("partner").prefetch_related("documents").order_by("kind")
    return tuple(verification_view(actor, row) for row in rows)


def owners(actor: Actor, partner_id: UUID) -> tuple[OwnerView, ...]:
    return tuple(owner_view(row) for row in policies.reach_owners(actor).filter(partner_id=partner_id).order_by("name", "pk"))


def owner(actor: Actor, owner_id: UUID) -> OwnerView:
    """Raises NotFound."""
    return owner_view(policies.reach_owners(actor).one(owner_id))


def open_document(actor: Actor, document_id: UUID) -> Opened:
    """The file for download. Raises NotFound, also when its bytes are gone from storage."""
    document = policies.reach_documents(actor).one(document_id)
    try:
        content = default_storage.open(document.storage_key, "rb")
    except FileNotFoundError:
        raise NotFound(_("The file is missing from storage. Ask for it again.")) from None
    return Opened(name=document.name, content_type=document.content_type, size=document.size, file=content)


def owner_of_document(actor: Actor, document_id: UUID) -> tuple[str, UUID]:
    """What a file is about, and its id. Raises NotFound."""
    row = policies.reach_documents(actor).one(document_id)
    return next((name, value) for name in ("reply", "verification", "certificate", "case") if (value := getattr(row, f"{name}_id")))


def kind_choices(actor: Any = None) -> tuple[tuple[str, str], ...]:
    """The kinds of certificates that can be added, by name."""
    return tuple(CertificateKind.objects.filter(is_active=True).order_by("name").values_list("code", "name"))


def kinds() -> tuple[KindView, ...]:
    rows = CertificateKind.objects.annotate(held=Count("certificates")).order_by("name")
    return tuple(
        KindView(id=row.pk, code=row.code, name=row.name, about=row.about, is_active=row.is_active, certificates=row.held, version=row.version) for row in rows
    )  # fmt: skip


def _narrowed(rows: QuerySet, filters: Mapping[str, Any], columns: Mapping[str, str]) -> QuerySet:
    for name, column in columns.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    return rows


def kind(kind_id: UUID) -> KindView:
    """Raises NotFound."""
    found = next((one for one in kinds() if one.id == kind_id), None)
    if found is None:
        raise NotFound()
    return found
