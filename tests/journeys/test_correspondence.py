"""Mail and calendar in a real browser: a link from a mail, and the page on which all of it is closed."""

from openprm.correspondence import services
from openprm.deals.testing import stored
from openprm.deals.tests.showcase import OSTRAVA
from openprm.identity import queries as identity
from openprm.inbox.ports import News
from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope
from tests.mail.showcase import make_showcase


def link_of(actor, registration_id) -> str:
    """The approval link in a mail about this registration."""
    with system_scope():
        (reader,) = identity.recipients([actor.user_id])
        found = services.additions(news=News(kind="deals.submitted", refs=(registration_id,)), person=reader, at=now())
    return found.buttons[0].url


def waiting() -> object:
    """A registration without a conflict that waits for the vendor."""
    from openprm.deals.models import Registration

    with system_scope():
        return Registration.objects.filter(status__in=["submitted", "under_review", "pending_approval"], verdict="none").exclude(account=None).first().pk


def test_a_link_from_a_mail_shows_then_acts_once_without_a_sign_in(browser_page, cast, assert_accessible, screenshot):
    make_showcase(cast)
    registration_id = waiting()
    url, visitor = link_of(cast.vendor_admin, registration_id), browser_page("stranger")

    visitor.goto(url)
    visitor.get_by_text("You act as Ingrid Solberg").wait_for()
    assert_accessible(visitor)
    screenshot(visitor, "correspondence-link")
    assert stored(registration_id).status != "approved"
    visitor.get_by_role("button", name="Approve the registration").click()
    visitor.get_by_text("The link is used up now.").wait_for()
    assert_accessible(visitor)
    assert stored(registration_id).status in ("approved", "pending_approval")
    visitor.goto(url)
    visitor.get_by_text("This was done already").wait_for()
    assert_accessible(visitor)


def test_a_person_makes_a_calendar_and_closes_every_way_in(browser_page, cast, assert_accessible, screenshot):
    make_showcase(cast)
    assert stored(OSTRAVA).number
    seller = browser_page("partner_rep")

    seller.goto("/portal/settings/mail-and-calendar/")
    assert_accessible(seller)
    seller.get_by_role("button", name="New address").click()
    assert "/calendar/" in seller.get_by_role("textbox", name="Your calendar's address").input_value()
    assert_accessible(seller)
    screenshot(seller, "correspondence-mine")
    seller.get_by_role("button", name="Close all ways in").click()
    seller.get_by_role("button", name="Make my calendar feed").wait_for()


def test_the_administrator_sees_what_was_refused_and_why(browser_page, cast, assert_accessible, screenshot):
    make_showcase(cast)
    admin = browser_page("vendor_admin")

    admin.goto("/app/settings/receiving-mail/")
    assert_accessible(admin)
    screenshot(admin, "correspondence-reception")
    admin.get_by_role("link", name="See why").click()
    admin.get_by_role("cell", name="The sender is not the person that the address belongs to.").wait_for()
    assert_accessible(admin)
