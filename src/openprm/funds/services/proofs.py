"""Proofs: files checked by their content and kept, and tied to the claim that hands them in."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.funds import proof_policies as policies
from openprm.funds.models import Claim, ProofFile
from openprm.funds.queries.judging import frozen_terms, judge_claim
from openprm.funds.rules.catalogue import MOST_FILES, ProofTerms
from openprm.funds.rules.judgement import Judgement
from openprm.funds.services.unit import as_system, record
from openprm.funds.wording_proofs import formats_in_words
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id

__all__ = ["add_proof", "judge_claim", "remove_proof", "seal", "sniffed"]


def add_proof(*, actor: Actor, activity_id: UUID, rule: str, name: str, content: bytes, dated_on: date | None = None, at: datetime) -> UUID:
    """Keep a file as a draft for one proof of one activity. The same content twice is one file.

    A format that the proof does not accept is refused here, before anybody relies on it; so is what is no document at all.
    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    activity = policies.reach_activities(actor).select_related("activity_type").one(activity_id)
    refuse_if(policies.why_not_hand_in(actor, activity))
    proof = next((one for one in frozen_terms(activity).proofs if one.code == rule), None)
    if proof is None:
        raise Invalid(_("This activity asks for no such proof. Choose one of its list."), field="rule")
    content_type, extension = sniffed(content, proof)
    if proof.needs_date and dated_on is None:
        raise Invalid(_("This proof needs a date. Say which day the document bears."), field="dated_on", code="required")
    if dated_on and dated_on > at.date():
        raise Invalid(_("The document bears a day that is still to come. Check the date."), field="dated_on")
    with as_system(actor):
        return _keep(actor, activity, rule, name, content, content_type, extension, dated_on, at)


def _keep(actor, activity, rule, name, content, content_type, extension, dated_on, at) -> UUID:
    digest = hashlib.sha256(content).hexdigest()
    type(activity).objects.locked().one(activity.pk)
    drafts = ProofFile.objects.filter(activity=activity, claim=None)
    if same := drafts.filter(rule=rule, sha256=digest).first():
        return same.pk
    if drafts.count() >= MOST_FILES:
        raise Conflict(_("At most %(most)d files can wait here. Remove one first.") % {"most": MOST_FILES}, field="file")
    row = ProofFile(
        id=new_id(), partner_id=activity.partner_id, activity=activity, rule=rule, name=safe_name(name, extension), format=extension,
        content_type=content_type, size=len(content), sha256=digest, dated_on=dated_on, author_id=actor.user_id, author_name=actor.name[:120], added_at=at,
    )  # fmt: skip
    row.storage_key = f"funds/{row.pk}"
    row.save(force_insert=True)
    default_storage.save(row.storage_key, ContentFile(content))
    record(actor, "fund_proof.added", row, after={}, note=row.name, data={"sha256": digest, "size": row.size}, refs=(activity.request_id,), at=at)
    return row.pk


def sniffed(content: bytes, proof: ProofTerms, field: str = "file") -> tuple[str, str]:
    """(content type, format) of a file by its content, when the proof accepts it. Raises Invalid with the formats that it does accept."""
    accepted = formats_in_words(proof.formats)
    if not content:
        raise Invalid(_("The file is empty. Choose another one."), field=field)
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB. Send a smaller one.") % {"most": MAX_BYTES // 2**20}, field=field, code="too_large")
    kind = sniff(content)
    if kind is None or kind[1] not in proof.formats:
        told = {"name": proof.name, "formats": accepted}
        raise Invalid(_("“%(name)s” is accepted as %(formats)s. Save the file in one of these formats.") % told, field=field, code="wrong_format")
    return kind


def remove_proof(*, actor: Actor, proof_id: UUID, at: datetime) -> None:
    """Take a draft back. What was handed in with a claim stays. Raises NotFound, NotAllowed."""
    row = policies.reach_proofs(actor).select_related("activity").one(proof_id)
    refuse_if(policies.why_not_remove(actor, row))
    with as_system(actor):
        record(actor, "fund_proof.removed", row, after={}, note=row.name, data={"sha256": row.sha256}, refs=(row.activity.request_id,), at=at)
        key = row.storage_key
        row.delete()
        transaction.on_commit(lambda: default_storage.delete(key))


def seal(*, claim: Claim, judgement: Judgement | None = None) -> int:
    """Tie the open files of the claim's activity to it: from now on they are evidence. Runs inside the claim's own transaction."""
    return ProofFile.objects.filter(activity=claim.activity_id, claim=None).update(claim=claim)
