from datetime import timedelta

import pytest

from openprm.audit import services as audit
from openprm.audit.models import Event
from openprm.identity.models import Membership, User
from openprm.kernel.errors import Invalid, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.offboarding import queries, services
from openprm.offboarding.models import Offboarding
from openprm.offboarding.testing import make_offboarding

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def left(cast, at):
    """A partner that has left; its people are kept for a year."""
    case = make_offboarding(cast.vendor_admin, cast.partner_id, at=at)
    for code in ("deals", "money", "access", "membership", "retention"):
        with scope(cast.vendor_admin) as who:
            services.run_step(actor=who, offboarding_id=case, code=code, at=at)
    with system_scope():
        services.make_export(offboarding_id=case, at=at)
    return case


def erase(case, at):
    with system_scope():
        return services.erase_people(offboarding_id=case, at=at)


def test_nobody_is_forgotten_before_the_time_is_over(cast, left, at):
    with system_scope():
        assert services.due_erasures(at=at + 364 * DAY) == []
        with pytest.raises(services.NotDueYet):
            services.erase_people(offboarding_id=left, at=at + 364 * DAY)

    assert User.objects.get(pk=cast.partner_rep.user_id).name == "Aino Laine"


def test_people_lose_their_names_and_the_account_stays(cast, left, at):
    with system_scope():
        assert services.due_erasures(at=at + 365 * DAY) == [left]

    assert erase(left, at + 365 * DAY) == 6

    user = User.objects.get(pk=cast.partner_rep.user_id)
    assert user.name.startswith("Former person ")
    assert user.email.endswith("@forgotten.invalid")
    assert (user.is_active, user.has_usable_password()) == (False, False)
    with system_scope():
        assert Offboarding.objects.get(pk=left).erased_at == at + 365 * DAY
        assert Membership.objects.filter(user=user, organization=cast.partner_id).count() == 1


def test_forgetting_twice_changes_nothing(cast, left, at):
    erase(left, at + 365 * DAY)
    before = list(User.objects.order_by("pk").values("name", "email", "version"))

    assert erase(left, at + 400 * DAY) == 0

    assert list(User.objects.order_by("pk").values("name", "email", "version")) == before


def test_somebody_who_also_belongs_elsewhere_keeps_the_account_and_loses_the_place(cast, left, at):
    person = cast.users["partner_admin"]
    with system_scope():
        Membership.objects.create(user=person, organization=cast.other_partner, side="partner", role="partner_admin")

    erase(left, at + 365 * DAY)

    person.refresh_from_db()
    assert (person.name, person.email, person.is_active) == ("Mika Virtanen", "partner.admin@kallio.example", True)
    with system_scope():
        assert list(Membership.objects.filter(user=person).values_list("organization_id", flat=True)) == [cast.other_partner_id]


def test_the_people_of_others_are_not_touched(cast, left, at):
    erase(left, at + 365 * DAY)

    assert User.objects.get(pk=cast.other_partner_rep.user_id).name == "Marta Nunes"
    assert User.objects.get(pk=cast.partner_manager.user_id).name == "Erik Berg"


def test_the_sealed_log_stays_whole(cast, left, at, tmp_path, settings):
    with system_scope():
        audit.seal_waiting(at=at + DAY)
        before = list(Event.objects.order_by("pk").values_list("pk", "actor_name", "salt", "changes"))

    erase(left, at + 365 * DAY)

    with system_scope():
        after = {row[0]: row for row in Event.objects.values_list("pk", "actor_name", "salt", "changes")}
        assert [after[row[0]] for row in before] == before
        assert Event.objects.filter(verb="offboarding.people_forgotten").count() == 1


def test_a_time_that_runs_does_not_change_when_the_setting_does(cast, left, at):
    with scope(cast.vendor_admin) as who:
        services.set_retention(actor=who, kind="people", days=90, at=at)
        assert queries.retention_days("people") == 90

    with system_scope():
        assert Offboarding.objects.get(pk=left).erase_at == at + 365 * DAY


def test_a_retention_out_of_range_is_refused(cast, at):
    for days in (0, 29, 3651, "many"):
        with scope(cast.vendor_admin) as who, pytest.raises(Invalid):
            services.set_retention(actor=who, kind="people", days=days, at=at)
    with scope(cast.vendor_admin):
        assert queries.retention_days("people") == 365


def test_only_an_administrator_says_how_long_data_is_kept(cast, at):
    with scope(cast.partner_manager) as who, pytest.raises(NotAllowed):
        services.set_retention(actor=who, kind="people", days=90, at=at)
