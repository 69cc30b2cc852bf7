"""What changes agreements: `from openprm.agreements import services as agreements`."""

from openprm.agreements.services.asking import TAKE_EFFECT_AT_ONCE, partner_ids, partners_to_settle, settle, settle_next, signed_documents
from openprm.agreements.services.documents import CodeIsTaken, DocumentIsInUse, create_document, resume_document, retire_document, update_document
from openprm.agreements.services.drafts import DraftExists, begin_draft, discard_draft, save_draft
from openprm.agreements.services.publishing import NothingChanged, NoticeTooShort, VersionIsSigned, VersionsOverlap, publish, withdraw
from openprm.agreements.services.reminders import JustReminded, NothingToSign, remind, remind_due, remind_many
from openprm.agreements.services.signatories import forget_people, name_signatory, remove_signatory
from openprm.agreements.services.signing import AlreadySigned, NoLongerOpen, Origin, Pen, TextHasChanged, accept, countersign, decline

__all__ = [
    "TAKE_EFFECT_AT_ONCE",
    "AlreadySigned",
    "CodeIsTaken",
    "DocumentIsInUse",
    "DraftExists",
    "JustReminded",
    "NoLongerOpen",
    "NothingChanged",
    "NothingToSign",
    "NoticeTooShort",
    "Origin",
    "Pen",
    "TextHasChanged",
    "VersionIsSigned",
    "VersionsOverlap",
    "accept",
    "begin_draft",
    "countersign",
    "create_document",
    "decline",
    "discard_draft",
    "forget_people",
    "name_signatory",
    "partner_ids",
    "partners_to_settle",
    "publish",
    "remind",
    "remind_due",
    "remind_many",
    "remove_signatory",
    "resume_document",
    "retire_document",
    "save_draft",
    "settle",
    "settle_next",
    "signed_documents",
    "update_document",
    "withdraw",
]  # fmt: skip
