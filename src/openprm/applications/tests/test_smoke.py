import pytest

from openprm.applications import links, queries, services
from openprm.applications.testing import *
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db


def test_flow(cast, at, run_jobs, outbox):
    pk = make_application(at=at)
    row = stored(pk)
    print(row.state, row.score, row.risk, row.clause, row.clause_text, row.decider)
    with scope(cast.partner_manager) as actor:
        v = queries.application(actor, pk, at)
        partner = services.approve(actor=actor, application_id=pk, message="Welcome!", at=at)
    print(run_jobs())
    print([m.subject for m in outbox])
    c = cast.client("vendor_admin")
    for url in [
        "/partners/",
        "/programs/resell/",
        "/programs/resell/apply/",
        links.open_url(stored(pk)),
        f"/app/applications/{pk}/",
        "/app/applications/",
        "/app/applications/funnel/",
        "/app/applications/forms/",
        f"/app/applications/forms/{cast.program.pk}/",
        f"/app/applications/forms/{cast.program.pk}/preview/",
        f"/app/applications/forms/{cast.program.pk}/page/",
        f"/app/applications/forms/{cast.program.pk}/questions/new/",
    ]:
        r = c.get(url)
        print(url[:60], r.status_code)
        assert r.status_code == 200, url
