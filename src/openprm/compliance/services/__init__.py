"""What changes compliance: `from openprm.compliance import services as compliance`."""

from openprm.compliance.services.cases import FlagsOpen, FourEyes, approve, decline, open_case, open_cases, reopen
from openprm.compliance.services.documents import attach_to_case, attach_to_reply, attach_to_verification, remove_document
from openprm.compliance.services.erasure import forget_people
from openprm.compliance.services.flags import EvidenceNeeded, add_reference, raise_flag, resolve_flag
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.papers import add_certificate, add_owner, check_certificate, remove_owner, withdraw_certificate
from openprm.compliance.services.periodic import AT_ONCE, expire, remind
from openprm.compliance.services.rating import RiskPreview, risk_preview, set_factors
from openprm.compliance.services.replies import AlreadyAsked, accept_esg, renew_esg, request_esg, return_reply, save_answers, send_questionnaire, submit
from openprm.compliance.services.screening import ListIsKnown, NameHit, import_list, rescreen, screen_case, screen_names
from openprm.compliance.services.setup import remove_policy, save_kind, save_policy, set_country
from openprm.compliance.services.templates import (
    create_questionnaire,
    discard_draft,
    move_question,
    publish_draft,
    put_question,
    remove_question,
    set_intro,
    start_draft,
)
from openprm.compliance.services.unit import ForbiddenMove
from openprm.compliance.services.verifications import decide_verification, reopen_verification, save_verification, start_verification, submit_verification

__all__ = [
    "AT_ONCE", "AlreadyAsked", "EvidenceNeeded", "FlagsOpen", "ForbiddenMove", "FourEyes", "ListIsKnown", "NameHit", "RiskPreview", "accept_esg",
    "add_certificate", "add_owner", "add_reference", "approve", "attach_to_case", "attach_to_reply", "attach_to_verification", "check_certificate",
    "create_questionnaire", "decide_verification", "decline", "discard_draft", "expire", "forget_people", "import_list", "move_question", "open_case",
    "open_cases", "publish_draft", "put_question", "raise_flag", "refresh_gates", "remind", "remove_document", "remove_owner", "remove_policy",
    "remove_question", "renew_esg", "reopen", "reopen_verification", "request_esg", "rescreen", "resolve_flag", "return_reply", "risk_preview",
    "save_answers", "save_kind", "save_policy", "save_verification", "screen_case", "screen_names", "send_questionnaire", "set_country",
    "set_factors", "set_intro", "start_draft", "start_verification", "submit", "submit_verification", "withdraw_certificate",
]  # fmt: skip
