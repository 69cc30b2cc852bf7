import pytest

from openprm.kernel.scope import scope
from openprm.rulebook import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(rules, cast, at):
    with scope(cast.vendor_admin):
        return services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)


def send(client, method, path, body=None, **headers):
    return getattr(client, method)(f"/api/v1/rules{path}", body, content_type="application/json", headers=headers)


def test_the_rules_are_listed_and_read_in_words(rules, cast):
    client = cast.client("partner_rep")

    listed = client.get("/api/v1/rules").json()["items"]
    words = client.get("/api/v1/rules/sample.decision").json()

    assert [(rule["kind"], rule["clauses"], rule["in_force"]["number"]) for rule in listed] == [("sample.decision", 3, 1)]
    assert words["clauses"][2] == {"clause": "R3", "text": "In every other case, a partner manager decides.", "note": "We answer within two working days."}
    assert client.get("/api/v1/rules/sample.inside").status_code == 404
    assert len(client.get("/api/v1/rules/sample.decision/versions").json()["items"]) == 1


def test_a_dry_evaluation_explains_itself(rules, cast):
    answer = send(cast.client("partner_rep"), "post", "/sample.decision/evaluate", {"inputs": {"amount": "60000", "conflict": "none"}})

    assert answer.status_code == 200
    assert (answer.json()["clause"], answer.json()["outcome"]) == ("R3", {"decision": "review", "days": None})
    assert answer.json()["would_change"][0].startswith("If the amount is up to €50,000 instead")


def test_an_unknown_fact_has_its_path(rules, cast):
    answer = send(cast.client("partner_rep"), "post", "/sample.decision/evaluate", {"inputs": {"amountt": "1"}})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "inputs.amountt"


def test_partners_do_not_evaluate_inside_rules(rules, cast):
    assert send(cast.client("partner_rep"), "post", "/sample.inside/evaluate", {"inputs": {}}).status_code == 404


def test_a_draft_is_changed_and_published_over_the_api(draft, cast):
    client = cast.client("vendor_admin")
    found = client.get(f"/api/v1/rules/drafts/{draft}")
    graph = found.json()["graph"]
    graph["nodes"][1]["content"]["rules"][1]["amount"] = "<= 30000"

    assert send(client, "put", f"/drafts/{draft}", {"graph": graph}).status_code == 428
    saved = send(client, "put", f"/drafts/{draft}", {"graph": graph}, if_match=found["ETag"])
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    assert send(client, "put", f"/drafts/{draft}", {"graph": graph}, if_match=found["ETag"]).status_code == 412
    published = send(client, "post", f"/drafts/{draft}/publish", {"note": "Smaller deals only."})
    assert (published.status_code, published.json()["number"], published.json()["is_upcoming"]) == (200, 2, True)
    assert send(client, "post", f"/versions/{draft}/withdraw").json()["state"] == "withdrawn"


@pytest.mark.parametrize("spoil", [
    lambda graph: graph["nodes"].append({"id": "x", "type": "functionNode"}),
    lambda graph: graph["nodes"][1]["content"]["rules"][1].update(amount="<<= 5"),
    lambda graph: graph["nodes"][1]["content"]["rules"][1].update(conflict="none"),
    lambda graph: graph["nodes"][1]["content"]["rules"][1].update(conflict='"no\x00ne"'),
    lambda graph: graph["nodes"][1]["content"]["rules"][1].update(_description="a\x00b"),
    lambda graph: graph.clear(),
])  # fmt: skip
def test_a_bad_graph_is_refused_and_nothing_is_saved(draft, cast, spoil):
    client = cast.client("vendor_admin")
    found = client.get(f"/api/v1/rules/drafts/{draft}")
    graph = found.json()["graph"]
    spoil(graph)

    answer = send(client, "put", f"/drafts/{draft}", {"graph": graph}, if_match=found["ETag"])

    assert answer.status_code in (400, 422)
    assert client.get(f"/api/v1/rules/drafts/{draft}").json()["revision"] == 1
