"""Mail and calendar together with deals: a reply domain, a deal that waits for a decision, and mails about it.

Correspondence knows no deals, so what is tested with them stands here and not in its room.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from openprm.correspondence import services
from openprm.correspondence.models import ActionLink, ReplyAddress
from openprm.correspondence.services import addresses
from openprm.correspondence.testing import DOMAIN
from openprm.deals.testing import make_catalogue, make_registration
from openprm.identity import queries as identity
from openprm.inbox.ports import News
from openprm.kernel import jobs
from openprm.kernel.scope import system_scope


@pytest.fixture(autouse=True)
def reply_domain(settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, reply_domain=DOMAIN, mail_authserv="")
    settings.OPENPRM_URL = "https://partners.halden.example"
    return settings


@pytest.fixture
def trusted_server(settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mail_authserv="mx.halden.example")


@pytest.fixture
def deal(cast, at):
    """A registration of the partner's that waits for the vendor. Nobody was told of it."""
    with jobs.only(lambda name: False):
        return make_registration(cast.partner_rep, make_catalogue(), at=at - timedelta(hours=1)).registration_id


@pytest.fixture
def additions(deal, at):
    """What a mail about the deal would carry for one person."""

    def ask(actor, kind="deals.submitted"):
        with system_scope():
            (person,) = identity.recipients([actor.user_id])
            return services.additions(news=News(kind=kind, refs=(deal,)), person=person, at=at)

    return ask


@pytest.fixture
def reply_to(additions):
    return lambda actor: additions(actor, "deals.approved").reply_to


@pytest.fixture
def link(additions):
    """The path of the approval link in a mail to this person."""
    return lambda actor: additions(actor).buttons[0].url


@pytest.fixture
def stored():
    def rows(model=ActionLink):
        with system_scope():
            return list(model.objects.order_by("created_at", "pk"))

    return rows


@pytest.fixture
def address_row(stored):
    return lambda: stored(ReplyAddress)[-1]


@pytest.fixture
def written(address_row):
    return lambda: addresses.written(address_row().pk)
