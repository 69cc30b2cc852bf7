import pytest

from openprm.identity.models import Organization
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, refuse_if, refused_by, write_down
from openprm.kernel.scope import current_actor, system_scope


class SecondVendor(Conflict):
    pass


def test_a_refusal_is_named_for_what_it_refuses():
    assert SecondVendor("There is one vendor.").code == "second_vendor"


def test_many_problems_become_one_sentence_for_people_and_a_list_for_machines():
    refusal = Invalid(problems=[Problem("lines[0].amount_minor", "Give an amount."), Problem("title", "Give a title.")])

    assert refusal.message == "Give an amount. Give a title."
    assert [problem.field for problem in refusal.problems] == ["lines[0].amount_minor", "title"]


def test_a_reason_refuses_and_no_reason_does_not():
    refuse_if(None)

    with pytest.raises(NotAllowed, match="Only the owner decides"):
        refuse_if("Only the owner decides.")


@pytest.mark.django_db
def test_a_violated_constraint_becomes_its_refusal_and_the_transaction_goes_on(cast):
    with system_scope():
        with pytest.raises(SecondVendor), refused_by("one_vendor_organization", SecondVendor("There is one vendor.")):
            Organization.objects.create(kind="vendor", name="A second one")

        assert Organization.objects.filter(kind="vendor").count() == 1


@pytest.mark.django_db
def test_an_id_that_is_none_is_not_found(cast):
    with system_scope(), pytest.raises(NotFound, match="no such organization"):
        Organization.objects.one("not-an-id")


@pytest.mark.django_db
def test_a_refusal_writes_itself_down_once_and_a_failing_log_stays_a_refusal(caplog):
    told = []
    kept, failing = Conflict("No."), Conflict("No.")
    kept.record = lambda: told.append(current_actor())
    failing.record = lambda: 1 // 0

    for refusal in (kept, kept, failing, Conflict("No.")):
        write_down(refusal)

    assert told == [SYSTEM]
    assert [line.levelname for line in caplog.records] == ["ERROR"]
