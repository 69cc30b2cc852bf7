import pytest

from openprm.identity.models import Organization
from openprm.kernel import memory
from openprm.kernel.memory import Remembered
from openprm.kernel.scope import scope, system_scope


def names() -> tuple[str, ...]:
    return tuple(Organization.objects.order_by("name").values_list("name", flat=True))


@pytest.fixture
def remembered():
    fact = Remembered("kernel.names")
    yield fact
    memory._everything.remove(fact)


@pytest.mark.django_db
def test_a_fact_is_remembered_for_a_moment_and_then_looked_up_again(remembered, cast, monkeypatch):
    with system_scope():
        before = remembered.get(find=names)
        Organization.objects.create(kind="partner", name="Aaa")
        soon = remembered.get(find=names)
        monkeypatch.setattr(memory.time, "monotonic", lambda: 1e12)
        later = remembered.get(find=names)

    assert soon == before
    assert later == ("Aaa", *before)


@pytest.mark.django_db
def test_what_a_side_may_not_see_is_not_remembered_for_it(remembered, cast):
    with system_scope():
        seen_by_vendor = remembered.get(find=names)
    with scope(cast.partner_rep):
        seen_by_partner = remembered.get(find=names)

    assert "Sintra Systems" in seen_by_vendor
    assert "Sintra Systems" not in seen_by_partner


def test_what_was_not_committed_is_never_remembered(committed_db, remembered, cast):
    with pytest.raises(ZeroDivisionError), system_scope():
        Organization.objects.create(kind="partner", name="Aaa")
        remembered.forget()
        inside = remembered.get(find=names)
        raise ZeroDivisionError

    with system_scope():
        after = remembered.get(find=names)

    assert inside[0] == "Aaa"
    assert "Aaa" not in after


def test_a_change_is_known_at_once_after_its_commit(committed_db, remembered, cast):
    with system_scope():
        remembered.get(find=names)
    with system_scope():
        Organization.objects.create(kind="partner", name="Aaa")
        remembered.forget()

    with system_scope():
        assert remembered.get(find=names)[0] == "Aaa"
