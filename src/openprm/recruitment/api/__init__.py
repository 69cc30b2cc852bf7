"""Recruiting over the API: the same services and queries as the pages."""

from openprm.recruitment.api.companies import companies
from openprm.recruitment.api.profiles import profiles, whitespace
from openprm.recruitment.api.prospects import prospects
from openprm.recruitment.api.referrals import referrals
from openprm.recruitment.api.signals import signals

ROUTERS = {
    "prospects": prospects,
    "companies": companies,
    "signals": signals,
    "ideal-profiles": profiles,
    "whitespace": whitespace,
    "referrals": referrals,
}
