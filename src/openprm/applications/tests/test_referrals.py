"""A partner recommends a company."""

from datetime import timedelta

import pytest

from openprm.applications import services
from openprm.applications.pages.public import apply_url
from openprm.applications.testing import make_application, stored
from openprm.kernel.scope import scope
from openprm.recruitment import services as recruitment
from openprm.recruitment.testing import make_profile

pytestmark = pytest.mark.django_db


def test_a_made_up_code_is_kept_and_recommends_nobody(cast, at):
    application = stored(make_application(at=at, ref="NOBODY"))

    assert (application.ref_code, application.referral_id, application.state) == ("NOBODY", None, "submitted")


def test_the_address_that_a_partner_passes_on_is_the_programs_own(cast):
    assert apply_url(cast.program.pk, "K4L") == "/programs/resell/?ref=K4L"
    assert apply_url(None, "K4L") == "/partners/?ref=K4L"


def test_a_program_that_takes_no_applications_sends_to_the_others(cast, at):
    with scope(cast.vendor_admin) as admin:
        services.update_program_page(actor=admin, program_id=cast.program.pk, changes={"is_public": False}, at=at + timedelta(days=1))

    assert apply_url(cast.program.pk, "K4L") == "/partners/?ref=K4L"


def test_a_recommended_company_that_fits_is_let_in_and_its_referrer_is_told(cast, at, run_jobs):
    make_profile(cast.program.pk, at=at - timedelta(days=9))
    with scope(cast.partner_admin) as referrer:
        code = recruitment.referral_code(actor=referrer)

    application = stored(make_application(at=at, ref=code, employees="84"))
    run_jobs()

    assert application.referral_id is not None
    assert (application.state, application.clause, application.decided_by_rule) == ("approved", "A3", True)


def test_a_partner_does_not_recommend_itself(cast, at):
    with scope(cast.partner_admin) as referrer:
        code = recruitment.referral_code(actor=referrer)

    application = stored(make_application(at=at, ref=code, company_name="Kallio Digital", website="kallio.example", email="n@kallio.example"))

    assert (application.referral_id, application.state) == (None, "held")
