"""What every operation of the API passes through, on a small API of its own."""

import json
from uuid import UUID, uuid4

import pytest
from django.test import Client

from openprm.kernel.actor import Actor, Side
from openprm.kernel.api.models import IdempotentAnswer, RateBucket

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openprm.kernel.api.tests.urls")]

REP = Actor(side=Side.PARTNER, name="Aino", user_id=UUID(int=1), partner_ids=(UUID(int=9),), roles=frozenset({"partner_sales"}))
OTHER = Actor(side=Side.PARTNER, name="Marta", user_id=UUID(int=2), partner_ids=(UUID(int=8),), roles=frozenset({"partner_sales"}))
NARROW = Actor(side=Side.VENDOR, name="Ingrid", user_id=UUID(int=3), roles=frozenset({"vendor_admin"}), token_scopes=frozenset({"deals:read"}))
TOKENS = {"token-of-the-rep-1": REP, "token-of-the-other": OTHER, "token-with-few-rights": NARROW}


def resolve(raw: str) -> Actor | None:
    return TOKENS.get(raw)


@pytest.fixture(autouse=True)
def tokens(settings, monkeypatch):
    settings.OPENPRM_TOKEN_RESOLVER = "openprm.kernel.api.tests.test_pipeline.resolve"
    monkeypatch.setattr("openprm.kernel.api.access.actor_of", lambda request: None)


class Caller:
    def __init__(self, token: str | None = "token-of-the-rep-1"):
        self.client = Client(headers={"Authorization": f"Bearer {token}"} if token else {})

    def __call__(self, method: str, path: str, body=None, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"/api/v1{path}", content, content_type="application/json", headers=headers)


@pytest.fixture
def call() -> Caller:
    return Caller()


def notes() -> list[str]:
    return sorted(RateBucket.objects.filter(key__startswith="note:").values_list("key", flat=True))


class TestWhoCalls:
    def test_nobody_is_told_to_sign_in(self):
        response = Caller(None)("GET", "/notes")

        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="OpenPRM"'
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "sign_in_first"

    @pytest.mark.parametrize("token", ["wrong-token-wrong-token", "x", "é" * 20, "t" * 4000])
    def test_a_token_that_is_none_is_a_stranger(self, token):
        assert Caller(token)("GET", "/notes").status_code == 401

    def test_guessing_tokens_is_slowed_by_address(self, settings):
        settings.OPENPRM_API_ANONYMOUS_PER_MINUTE = 3
        answers = [Caller(f"wrong-token-number-{number}")("GET", "/notes").status_code for number in range(5)]
        assert answers == [401, 401, 401, 429, 429]

    def test_a_session_may_read_but_needs_its_csrf_token_to_change(self, monkeypatch):
        monkeypatch.setattr("openprm.kernel.api.access.actor_of", lambda request: REP)
        client = Client(enforce_csrf_checks=True)

        assert client.get("/api/v1/notes").status_code == 200
        refused = client.post("/api/v1/notes", {"title": "forged"}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
        assert notes() == []

    def test_a_token_hears_which_scope_it_lacks(self):
        response = Caller("token-with-few-rights")("POST", "/notes/approve")

        assert response.status_code == 403
        assert response.json()["code"] == "scope_missing"
        assert "identity:write" in response.json()["detail"]


class TestRateLimit:
    def test_is_told_in_every_answer(self, call, settings):
        settings.OPENPRM_API_REQUESTS_PER_MINUTE = 100
        response = call("GET", "/notes")
        assert response["RateLimit-Policy"] == '"default";q=100;w=60'
        assert response["RateLimit"] == '"default";r=99;t=1'

    def test_refuses_with_the_seconds_to_wait(self, call, settings):
        settings.OPENPRM_API_REQUESTS_PER_MINUTE = 2
        answers = [call("GET", "/notes") for _times in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2]["Retry-After"] == "30"
        assert answers[2]["RateLimit"] == '"default";r=0;t=60'
        assert answers[2].json()["code"] == "rate_limited"

    def test_of_one_caller_does_not_touch_another(self, call, settings):
        settings.OPENPRM_API_REQUESTS_PER_MINUTE = 1
        call("GET", "/notes")
        assert call("GET", "/notes").status_code == 429
        assert Caller("token-of-the-other")("GET", "/notes").status_code == 200


class TestBodies:
    def test_wrong_fields_are_named_by_path(self, call):
        response = call("POST", "/notes", {"titel": "x"})

        assert response.status_code == 422
        assert [(one["field"], one["code"]) for one in response.json()["errors"]] == [
            ("title", "required_field_missing"),
            ("titel", "unknown_field"),
        ]

    def test_json_that_is_none_is_refused_with_its_place(self, call):
        response = call("POST", "/notes", b'{"title": }')
        assert response.status_code == 400
        assert "line 1, column 11" in response.json()["detail"]

    def test_a_form_is_refused(self, call):
        response = call.client.post("/api/v1/notes", {"title": "x"})
        assert (response.status_code, response.json()["code"]) == (415, "json_only")

    def test_nul_in_a_query_is_refused(self, call):
        assert call("GET", "/notes?cursor=%00").status_code == 400

    def test_a_file_comes_as_multipart(self, call):
        assert call("POST", "/notes/file", {"file": "x"}).status_code == 415

    def test_a_limit_out_of_range_names_the_query_field(self, call):
        response = call("GET", "/notes?limit=100000")
        assert response.json()["errors"][0]["field"] == "limit"


class TestAnswers:
    def test_an_unknown_address_is_a_problem_document(self, call):
        response = call("GET", "/nothing/here")
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")

    def test_a_wrong_method_says_which_are_right(self, call):
        response = call("DELETE", "/notes")
        assert (response.status_code, response["Allow"]) == (405, "GET, POST")
        assert response["Content-Type"] == "application/problem+json"

    def test_a_refusal_changes_nothing(self, call):
        response = call("POST", "/notes/refused", {"title": "x"})
        assert (response.status_code, response.json()["code"]) == (409, "stands_already")
        assert notes() == []

    def test_a_defect_tells_nothing_and_changes_nothing(self, call):
        response = call("POST", "/notes/broken", {"title": "x"})
        assert response.status_code == 500
        assert "secret" not in response.content.decode()
        assert response.json()["request_id"] == response["X-Request-ID"]
        assert notes() == []

    def test_a_held_version_is_not_sent_again(self, call):
        first = call("GET", "/notes/versioned")
        again = call("GET", "/notes/versioned", If_None_Match=first["ETag"])
        assert (again.status_code, again.content) == (304, b"")

    def test_updates_ask_for_the_version_and_refuse_an_old_one(self, call):
        assert call("PATCH", "/notes/versioned", {"title": "x"}).status_code == 428
        assert call("PATCH", "/notes/versioned", {"title": "x"}, If_Match='"2"').status_code == 412
        assert call("PATCH", "/notes/versioned", {"title": "x"}, If_Match='"3"').status_code == 200


class TestIdempotency:
    def test_the_same_request_is_answered_once_and_replayed(self, call):
        first = call("POST", "/notes", {"title": "one"}, Idempotency_Key="k1")
        again = call("POST", "/notes", {"title": "one"}, Idempotency_Key="k1")

        assert (first.status_code, again.status_code) == (201, 201)
        assert first.content == again.content
        assert again["Idempotent-Replayed"] == "true"
        assert notes() == ["note:one"]

    def test_another_body_under_the_same_key_is_refused(self, call):
        call("POST", "/notes", {"title": "one"}, Idempotency_Key="k1")
        response = call("POST", "/notes", {"title": "two"}, Idempotency_Key="k1")

        assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
        assert notes() == ["note:one"]

    def test_another_address_under_the_same_key_is_refused(self, call):
        call("POST", "/notes", {"title": "one"}, Idempotency_Key="k1")
        assert call("POST", "/notes/refused", {"title": "one"}, Idempotency_Key="k1").status_code == 422

    def test_a_key_belongs_to_its_person(self, call):
        call("POST", "/notes", {"title": "one"}, Idempotency_Key="k1")
        other = Caller("token-of-the-other")("POST", "/notes", {"title": "two"}, Idempotency_Key="k1")
        assert other.status_code == 201
        assert "Idempotent-Replayed" not in other

    def test_a_refusal_frees_its_key(self, call):
        call("POST", "/notes/refused", {"title": "one"}, Idempotency_Key="k1")
        call("POST", "/notes/broken", {"title": "one"}, Idempotency_Key="k1")
        call("POST", "/notes", {}, Idempotency_Key="k1")
        assert call("POST", "/notes", {"title": "one"}, Idempotency_Key="k1").status_code == 201

    @pytest.mark.parametrize("key", ["", "two words", "x" * 256, "ü"])
    def test_a_key_that_cannot_be_kept_is_refused(self, call, key):
        response = call("POST", "/notes", {"title": "one"}, Idempotency_Key=key)
        assert response.json()["code"] == "bad_idempotency_key"
        assert notes() == []

    def test_the_answers_of_others_are_out_of_reach_in_the_database(self, call, as_actor):
        call("POST", "/notes", {"title": "one"}, Idempotency_Key="k1")
        with as_actor(OTHER):
            assert IdempotentAnswer.objects.count() == 0
        with as_actor(REP):
            assert IdempotentAnswer.objects.count() == 1


def test_two_keys_write_twice(call):
    for title in ("one", "two"):
        call("POST", "/notes", {"title": title}, Idempotency_Key=str(uuid4()))
    assert notes() == ["note:one", "note:two"]
