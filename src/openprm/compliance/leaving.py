"""What a partner that leaves takes along of its compliance papers, and what is forgotten of its people."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from openprm.compliance import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.partners.ports import Erasure, ExportFile, ExportPart

ANSWERS = ("questionnaire", "version", "submitted_at", "question", "answer")
CERTIFICATES = ("kind", "number", "issuer", "level", "issued_on", "expires_on", "state", "note")
OWNERS = ("name", "kind", "role", "country", "birth_year", "share_percent")
VERIFICATIONS = ("kind", "state", "legal_name", "business_type", "registration_number", "country", "position", "submitted_at", "approved_until")


def _answers(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.portal(actor, now()).replies:
        found = queries.reply(actor, row.id, now())
        for one in found.answers:
            values = (found.questionnaire, found.number, found.submitted_at, one.question.text, one.words)
            yield dict(zip(ANSWERS, values, strict=True))


def _certificates(actor: Actor) -> Iterator[Mapping[str, Any]]:
    return ({name: getattr(row, name) for name in CERTIFICATES} for row in queries.portal(actor, now()).certificates)


def _owners(actor: Actor) -> Iterator[Mapping[str, Any]]:
    return ({name: getattr(row, name) for name in OWNERS} for row in queries.portal(actor, now()).owners)


def _verifications(actor: Actor) -> Iterator[Mapping[str, Any]]:
    return ({name: getattr(row, name) for name in VERIFICATIONS} for row in queries.portal(actor, now()).verifications)


def _files(actor: Actor) -> Iterator[ExportFile]:
    """Every file that the partner can see, under its own name and a piece of its id."""
    found = queries.portal(actor, now())
    papers = [file for row in (*found.certificates, *found.verifications) for file in row.documents]
    papers += [file for row in found.replies for one in queries.reply(actor, row.id, now()).answers for file in one.files]
    return (ExportFile(name=f"{str(file.id)[-6:]}-{file.name}", open=_opener(actor, file.id)) for file in papers)


def _opener(actor: Actor, document_id: Any) -> Any:
    def opened() -> BinaryIO:
        return queries.open_document(actor, document_id).file

    return opened


EXPORT = (
    ExportPart(code="compliance_answers", label=_("Answers to questionnaires"), columns=ANSWERS, rows=_answers, files=_files),
    ExportPart(code="certificates", label=_("Certificates"), columns=CERTIFICATES, rows=_certificates),
    ExportPart(code="owners", label=_("Owners and directors"), columns=OWNERS, rows=_owners),
    ExportPart(code="verifications", label=_("Verifications"), columns=VERIFICATIONS, rows=_verifications),
)
ERASURE = (Erasure(code="compliance.people", label=_("Names in compliance papers"), erase=services.forget_people),)
