import pytest

from openprm.identity import services as identity
from openprm.inbox import services
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db


def bearer(cast, actor, *scopes):
    with scope(actor):
        made = identity.create_api_token(actor=actor, name="test", scopes=scopes, days=1, at=now())
    return {"Authorization": f"Bearer {made.raw}"}


def test_a_token_reads_its_persons_news(cast, client):
    services.notify(to=[cast.partner_rep.user_id, cast.partner_admin.user_id], kind="test.approved", title="News", at=now())

    answer = client.get("/api/v1/notifications?unread=true", headers=bearer(cast, cast.partner_rep, "inbox:read")).json()

    assert [row["title"] for row in answer["items"]] == ["News"]


def test_marking_needs_the_write_scope(cast, client):
    services.notify(to=[cast.partner_rep.user_id], kind="test.approved", title="News", at=now())
    key = {"Idempotency-Key": str(new_id())}

    refused = client.post("/api/v1/notifications/read", {}, "application/json", headers=bearer(cast, cast.partner_rep, "inbox:read") | key)
    done = client.post("/api/v1/notifications/read", {}, "application/json", headers=bearer(cast, cast.partner_rep, "inbox:write") | key)

    assert refused.status_code == 403
    assert done.json() == {"marked": 1}
