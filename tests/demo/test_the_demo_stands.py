"""The demo is the first thing a stranger sees: a small one is loaded here as `make demo` loads the large one."""

from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import Count
from django.test import Client

from openprm.accounts.models import Account
from openprm.audit.sources import live
from openprm.audit.sources.log import verify
from openprm.deals.models import ProtectionGrant, Registration
from openprm.demo import loader
from openprm.identity import queries as identity
from openprm.identity.models import User
from openprm.inbox import queries as inbox
from openprm.kernel.scope import scope, system_scope
from openprm.partners.models import Partner
from openprm.promises.models import PromiseClock

CUSTOMERS, REGISTRATIONS = 150, 260
TOLD = (  # what each chapter leaves behind; a profit of its own is for the eyes of its partner alone
    "recruitment.Prospect", "applications.Application", "compliance.RiskCase", "directory.Profile", "offboarding.Offboarding", "onboarding.Plan",
    "activities.Activity", "leads.Lead", "cosell.Engagement", "actionplans.Plan", "conflicts.ConflictCase", "conflicts.Ruling", "incentives.Plan",
    "earnings.Earning", "funds.Claim", "payouts.Payout", "ledger.Entry", "mapping.Match", "mapping.Verdict", "mapping.Target", "attribution.Credit",
    "attribution.Claim", "attribution.Dispute", "attribution.Correction", "deals.Opportunity",
)  # fmt: skip


@pytest.fixture
def told(committed_db, at) -> list[str]:
    said: list[str] = []
    loader.load(at=at, say=said.append, customers=CUSTOMERS, registrations=REGISTRATIONS)
    return said


def test_a_small_demo_is_loaded_whole_and_true(told, at):
    with system_scope():
        assert Partner.objects.count() >= 60
        assert Account.objects.count() >= CUSTOMERS
        assert Registration.objects.exclude(status="draft").count() >= REGISTRATIONS * 9 // 10
        assert set(Registration.objects.values_list("status", flat=True)) >= {"submitted", "approved", "returned", "closed_won", "closed_lost", "rejected"}
        assert ProtectionGrant.objects.filter(ends_at__gt=at).exists()
        assert PromiseClock.objects.values("code").annotate(n=Count("id")).count() >= 4
        assert verify(live.log()).is_whole
        assert [label for label in TOLD if not apps.get_model(label).objects.exists()] == []
        people = loader.people_to_show()
        vendor = identity.actor_of(people[0])
    with scope(vendor):
        assert inbox.decisions(vendor, at)
    assert [_home_of(person) for person in people] == [("/app/", 200), ("/portal/", 200)]
    assert loader.is_loaded()
    assert told[-1].startswith("The demo stands after ")


def _home_of(user_id: UUID) -> tuple[str, int]:
    client = Client()
    client.force_login(User.objects.get(pk=user_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/", follow=True)
    return answer.redirect_chain[-1][0], answer.status_code
