"""Two rooms that do not know each other meet through a port: a conflict case about an engagement, opened from its page."""

from datetime import date

import pytest
from django.urls import reverse

from openprm.conflicts import queries as conflicts
from openprm.conflicts import services
from openprm.conflicts.models import ConflictCase
from openprm.conflicts.rules.draft import CaseDraft
from openprm.conflicts.services.opening import AlreadyDisputed
from openprm.cosell import services as cosell
from openprm.cosell.services.opening import Draft
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.pipeline.testing import SOME_DAY

pytestmark = pytest.mark.django_db
DRAFT = {"title": "Three plants", "customer_name": "Vega Logistics", "stage": "qualified", "expected_close_date": date(2027, 1, 29)}
CLAIM = "You called the buyer without us."


def join(host, engagement_id, member, role, **terms):
    with scope(host):
        invitation = cosell.invite(actor=host, engagement_id=engagement_id, receiver_id=member.organization_id, role=role, at=SOME_DAY, **terms)
    with scope(member):
        cosell.accept_invitation(actor=member, invitation_id=invitation, at=SOME_DAY)


@pytest.fixture
def engagement(cast):
    """The vendor opened it; the first partner joined."""
    with scope(cast.partner_manager) as vendor:
        opened = cosell.open_engagement(actor=vendor, draft=Draft(**DRAFT), at=SOME_DAY).engagement_id
    join(cast.partner_manager, opened, cast.partner_rep, "reseller")
    return opened


@pytest.fixture
def together(cast, engagement):
    """The other partner joined too; both know of each other."""
    join(cast.partner_manager, engagement, cast.other_partner_rep, "services")
    return engagement


def open_case(actor, engagement_id, **values):
    draft = CaseDraft(**{"type": "direct_vs_partner", "claim": CLAIM, "engagement_id": engagement_id, **values})
    with scope(actor):
        return services.open_case(actor=actor, draft=draft, at=SOME_DAY)


def cases():
    with system_scope():
        return list(ConflictCase.objects.values_list("type", "partner_id", "other_partner_id", "engagement_id", "subject_label"))


def test_the_partner_opens_a_case_from_the_page_of_the_engagement(cast, engagement):
    client = cast.client("partner_rep")
    address = reverse("conflicts:portal_open_engagement", args=[engagement])

    assert address in client.get(reverse("cosell:portal_engagement", args=[engagement])).content.decode()
    made = client.post(address, {"type": "direct_vs_partner", "claim": CLAIM})

    assert made.status_code == 303
    ((type_, partner_id, other, about, label),) = cases()
    assert (type_, partner_id, other, about) == ("direct_vs_partner", cast.partner_id, None, engagement)
    page = client.get(made["Location"]).content.decode()
    assert label in page
    assert CLAIM in page


def test_the_vendor_opens_one_and_names_who_claims(cast, together):
    client = cast.client("partner_manager")
    address = reverse("conflicts:open_engagement", args=[together])

    assert address in client.get(reverse("cosell:engagement", args=[together])).content.decode()
    refused = client.post(address, {"type": "partner_vs_partner", "claim": CLAIM, "partner_id": str(cast.partner_id)})
    assert refused.status_code == 422
    assert cases() == []
    sent = {"type": "partner_vs_partner", "claim": CLAIM, "partner_id": str(cast.partner_id), "other_partner_id": str(cast.other_partner_id)}
    assert client.post(address, sent).status_code == 303
    assert [row[:3] for row in cases()] == [("partner_vs_partner", cast.partner_id, cast.other_partner_id)]


def test_a_case_stands_on_the_page_of_the_engagement_for_its_sides_alone(cast, together):
    case_id = open_case(cast.partner_rep, together, type="partner_vs_partner", other_partner_id=cast.other_partner_id).case_id

    def shown(person, name, case):
        return reverse(case, args=[case_id]) in cast.client(person).get(reverse(name, args=[together])).content.decode()

    assert shown("partner_manager", "cosell:engagement", "conflicts:case")
    assert shown("partner_rep", "cosell:portal_engagement", "conflicts:portal_case")
    assert shown("other_partner_rep", "cosell:portal_engagement", "conflicts:portal_case")
    with scope(cast.other_partner_rep) as actor:
        assert conflicts.case_for_partner(actor, case_id, SOME_DAY).row.number.startswith("CC-")


def test_a_partner_names_only_companies_that_it_knows_of(cast, engagement):
    join(cast.partner_manager, engagement, cast.other_partner_rep, "services", hidden=True)

    with pytest.raises(Invalid) as refused:
        open_case(cast.partner_rep, engagement, type="partner_vs_partner", other_partner_id=cast.other_partner_id)
    assert refused.value.problems[0].field == "other_partner_id"
    assert str(cast.other_partner_id) not in cast.client("partner_rep").get(reverse("conflicts:portal_open_engagement", args=[engagement])).content.decode()
    assert cases() == []


def test_where_the_vendor_takes_no_part_it_does_not_judge(cast):
    with scope(cast.partner_rep) as host:
        opened = cosell.open_engagement(actor=host, draft=Draft(**DRAFT), deal_type="private", at=SOME_DAY).engagement_id

    with pytest.raises(NotAllowed, match="goes without the vendor"):
        open_case(cast.partner_rep, opened)
    assert (
        reverse("conflicts:portal_open_engagement", args=[opened])
        not in cast.client("partner_rep").get(reverse("cosell:portal_engagement", args=[opened])).content.decode()
    )
    assert cases() == []


def test_strangers_wrong_kinds_and_second_cases_are_refused(cast, engagement):
    with pytest.raises(NotFound):
        open_case(cast.other_partner_rep, engagement)
    with pytest.raises(Invalid, match="direct contact, another partner, or credit"):
        open_case(cast.partner_rep, engagement, type="rejection")
    assert cases() == []

    open_case(cast.partner_rep, engagement)
    with pytest.raises(AlreadyDisputed):
        open_case(cast.partner_rep, engagement)
    assert len(cases()) == 1
