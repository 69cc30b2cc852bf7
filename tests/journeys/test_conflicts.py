"""A rejected partner opens a case, the vendor decides it, and the partner appeals: all by clicking."""

from datetime import timedelta

from openprm.conflicts.models import ConflictCase
from openprm.conflicts.testing import make_rejected, speak, take_up
from openprm.deals.testing import make_catalogue
from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope


def test_a_case_is_opened_decided_and_appealed(browser_page, cast, assert_accessible):
    registration_id = make_rejected(cast.partner_rep, cast.partner_manager, make_catalogue(), at=now() - timedelta(days=2))
    rep = browser_page("partner_rep")
    rep.goto(f"/portal/conflicts/open/{registration_id}/")
    assert_accessible(rep)
    rep.locator("input[name=type][value=rejection]").check()
    rep.get_by_label("What happened").fill("The reviewer read the wrong territory.")
    rep.get_by_role("button", name="Open the case").click()
    rep.get_by_role("heading", name="Your side").wait_for()

    with system_scope():
        case_id = ConflictCase.objects.get().pk
    speak(cast.marketing_manager, case_id, "We sell there ourselves.", now())
    take_up(cast.finance_manager, case_id, now())

    judge = browser_page("finance_manager")
    judge.goto(f"/app/conflicts/{case_id}/")
    assert_accessible(judge)
    judge.get_by_role("link", name="Decide").click()
    judge.get_by_text("The claim does not stand", exact=True).first.click()
    judge.get_by_label("Clause").select_option(index=1)
    judge.get_by_label("Reasons").fill("The published territory excludes the plant.")
    judge.get_by_label("What would have changed it").fill("A map in which the plant is inside.")
    judge.get_by_role("button", name="Decide").click()
    judge.get_by_role("heading", name="The decision").wait_for()

    rep.goto(f"/portal/conflicts/{case_id}/")
    rep.get_by_role("link", name="Appeal").first.click()
    rep.get_by_label("What the decision did not see").fill("The map of May shows the plant inside.")
    rep.get_by_role("dialog").get_by_role("button", name="Appeal", exact=True).click()
    rep.get_by_role("heading", name="Your appeal").wait_for()
    assert_accessible(rep)
