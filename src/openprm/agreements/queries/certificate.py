"""The signed document as a file: the PDF certificate, and the canonical signature that its fingerprint is made of."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.agreements import policies
from openprm.agreements.engine import pdf
from openprm.agreements.models import Acceptance
from openprm.agreements.queries.documents import kind_label
from openprm.agreements.queries.results import File
from openprm.agreements.rules import canonical
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound


def signature_facts(row: Acceptance) -> dict[str, Any]:
    """What the fingerprint of a signature covers."""
    return {
        "acceptance": str(row.pk),
        "document": row.document.code,
        "version": row.version.number,
        "sha256": row.sha256,
        "partner": str(row.partner_id),
        "company": row.signed_for,
        "signer": str(row.signed_by),
        "account": row.signer_account,
        "name": row.signed_name,
        "title": row.signed_title,
        "at": row.signed_at.astimezone(UTC).isoformat() if row.signed_at else "",
        "ip_address": row.ip_address or "",
        "user_agent": row.user_agent,
        "strokes": row.strokes,
    }


def certificate(actor: Actor, acceptance_id: UUID) -> File:
    """The certificate of a signed version, for both sides. Raises NotFound, also while it is not signed."""
    row = _signed(actor, acceptance_id)
    return File(name=f"{row.document.code}-v{row.version.number}-certificate.pdf", content_type="application/pdf", content=pdf.draw(_sheet(row)))


def signature_file(actor: Actor, acceptance_id: UUID) -> File:
    """The canonical JSON whose SHA-256 is the fingerprint of the signature. Raises NotFound."""
    row = _signed(actor, acceptance_id)
    content = canonical.signature_bytes(signature_facts(row))
    return File(name=f"{row.document.code}-v{row.version.number}-signature.json", content_type="application/json", content=content)


def _signed(actor: Actor, acceptance_id: UUID) -> Acceptance:
    row = policies.reach_acceptances(actor).select_related("document__program").one(acceptance_id)
    if row.status != Acceptance.Status.ACCEPTED:
        raise NotFound(_("This is not signed yet, so there is no certificate."))
    return row


def _sheet(row: Acceptance) -> pdf.Sheet:
    vendor = identity.vendor_organization()
    said = {"partner": row.signed_for, "vendor": vendor.legal_name or vendor.name, "title": row.version.title, "number": row.version.number}
    return pdf.Sheet(
        title=row.version.title,
        kicker=_("Certificate of acceptance, %(kind)s") % {"kind": kind_label(row.document)},
        lead=_("%(partner)s accepted version %(number)s of “%(title)s” of %(vendor)s. The full text follows the signatures.") % said,
        facts=_facts(row),
        signatures_title=_("Signatures"),
        signatures=_seals(row, said),
        text_title=_("The text that was signed"),
        text=row.version.text,
        check_title=_("How to check this certificate"),
        checks=_checks(row),
        foot=f"{row.document.code} v{row.version.number} · SHA-256 {row.sha256}",
        page_word=_("Page"),
        author=said["vendor"],
    )


def _facts(row: Acceptance) -> tuple[tuple[str, str], ...]:
    return (
        (_("Document"), f"{row.version.title} ({row.document.code})"),
        (_("Version"), str(row.version.number)),
        (_("Takes effect"), _moment(row.version.effective_at)),
        (_("SHA-256 of the text"), row.sha256),
        (_("Fingerprint of the signature"), row.fingerprint),
        (_("Audit event"), str(row.event_id)),
    )


def _seals(row: Acceptance, said: dict[str, Any]) -> tuple[pdf.Seal, ...]:
    partner = pdf.Seal(
        heading=_("For %(partner)s") % said,
        name=row.signed_name,
        strokes=row.strokes,
        facts=(
            (_("Position"), row.signed_title or "–"),
            (_("Signed in as"), row.signer_account),
            (_("Time"), _moment(row.signed_at)),
            (_("Address"), row.ip_address or "–"),
            (_("Program"), row.user_agent or "–"),
            (_("Way of signing"), _("Drawn and typed") if row.strokes else _("Typed")),
        ),
    )
    if row.countersigned_at is None:
        return (partner,)
    event = (_("Audit event"), str(row.countersign_event_id))
    facts = ((_("Position"), row.countersigned_title or "–"), (_("Time"), _moment(row.countersigned_at)), event)
    return (partner, pdf.Seal(heading=_("For %(vendor)s") % said, name=row.countersigned_name, facts=facts))


def _checks(row: Acceptance) -> tuple[str, ...]:
    base = settings.OPENPRM_URL.rstrip("/")
    places = {
        "text": base + reverse("agreements:portal_text", args=[row.version_id]),
        "signature": base + reverse("agreements:portal_signature", args=[row.pk]),
        "proof": base + reverse("audit:portal_proof", args=[row.event_id]),
        "keys": base + reverse("audit:keys"),
    }
    lines = (
        _("1. The text: download it from %(text)s and run sha256sum on the file. The result is the SHA-256 of the text above."),
        _("2. The signature: download %(signature)s and run sha256sum on it. The result is the fingerprint of the signature above."),
        _("3. The time: download the proof of the audit event from %(proof)s and run `openprm verify-proof` on it, on any machine."),
        _("The event names the hash and the fingerprint, and stands in a log that is sealed every minute with a signature."),
        _("The public keys of the log are at %(keys)s."),
        _("This paper carries no signature of its own: the sealed log is the evidence, and this paper says where to find it."),
    )  # fmt: skip
    return tuple(line % places for line in lines)


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if at else "–"
