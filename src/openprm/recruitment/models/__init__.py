"""The rows of recruitment."""

from openprm.recruitment.models.company import Company, CompanyScore, Contact, Fact, Note, Outreach, Signal
from openprm.recruitment.models.profile import IdealProfile
from openprm.recruitment.models.prospect import Prospect
from openprm.recruitment.models.referral import Referral, ReferralCode, ReferralTerms

__all__ = [
    "Company", "CompanyScore", "Contact", "Fact", "IdealProfile", "Note", "Outreach", "Prospect", "Referral", "ReferralCode", "ReferralTerms", "Signal",
]  # fmt: skip
