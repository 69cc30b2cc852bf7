"""Reads of compliance: `from openprm.compliance import queries as compliance`."""

from openprm.compliance.queries.cases import (
    case_for_vendor,
    case_of_flag,
    case_of_partner,
    case_row,
    case_version,
    cases,
    countries,
    export_cases,
    flags_of,
    newest_cases,
    summary,
)
from openprm.compliance.queries.papers import (
    certificate,
    certificate_row,
    certificates,
    certificates_of,
    export_certificates,
    export_replies,
    export_verifications,
    kind,
    kind_choices,
    kinds,
    newest_certificates,
    newest_replies,
    newest_verifications,
    open_document,
    owner,
    owner_of_document,
    owners,
    replies,
    reply,
    verification,
    verification_row,
    verifications,
    verifications_of,
)
from openprm.compliance.queries.pieces import reply_row
from openprm.compliance.queries.results import (
    CaseRow,
    CertificateView,
    FlagView,
    ListRow,
    OwnerView,
    PartnerCase,
    PolicyView,
    Portal,
    ReplyRow,
    ReplyView,
    VendorCase,
    VerificationView,
)
from openprm.compliance.queries.setup import (
    country_classes,
    gate_policies,
    gate_policy,
    list_row,
    lists,
    newest_lists,
    questionnaire_choices,
    questionnaires,
    version,
)
from openprm.compliance.queries.waiting import Waiting, papers_waiting, partner_case, portal, waiting, waiting_count

__all__ = [
    "CaseRow", "CertificateView", "FlagView", "ListRow", "OwnerView", "PartnerCase", "PolicyView", "Portal", "ReplyRow", "ReplyView", "VendorCase",
    "VerificationView", "Waiting", "case_for_vendor", "case_of_flag", "case_of_partner", "case_row", "case_version", "cases", "certificate", "certificate_row",
    "certificates", "certificates_of", "countries", "country_classes", "export_cases", "export_certificates", "export_replies", "export_verifications",
    "flags_of", "gate_policies", "gate_policy", "kind", "kind_choices", "kinds", "list_row", "lists", "newest_cases", "newest_certificates", "newest_lists",
    "newest_replies", "newest_verifications", "open_document", "owner", "owner_of_document", "owners", "papers_waiting", "partner_case", "portal",
    "questionnaire_choices", "questionnaires", "replies", "reply", "reply_row", "summary", "verification", "verification_row", "verifications",
    "verifications_of", "version", "waiting", "waiting_count",
]  # fmt: skip
