from openprm.compliance.models.cases import CaseDecision, Flag, Owner, ReferenceCheck, RiskCase
from openprm.compliance.models.papers import Certificate, CertificateKind, Document, Verification
from openprm.compliance.models.questionnaires import Questionnaire, QuestionnaireVersion, Reply
from openprm.compliance.models.screening import SanctionsEntry, SanctionsList, ScreeningRun
from openprm.compliance.models.settings import CountryRisk, GatePolicy

__all__ = [
    "CaseDecision", "Certificate", "CertificateKind", "CountryRisk", "Document", "Flag", "GatePolicy", "Owner", "Questionnaire", "QuestionnaireVersion",
    "ReferenceCheck", "Reply", "RiskCase", "SanctionsEntry", "SanctionsList", "ScreeningRun", "Verification",
]  # fmt: skip
