"""What a load balancer sees, and the id that ties an answer to its log lines."""

import json
import logging
import re

import pytest
from django.db import DatabaseError
from django.test import Client

from openprm.config import health
from openprm.config.environment import load
from openprm.config.logging import formatter, logging_settings


def test_a_living_process_says_so_without_the_database():
    response = Client().get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_migrated_database_makes_it_ready():
    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "answers"}


def test_missing_migrations_make_it_unavailable(monkeypatch):
    monkeypatch.setattr(health, "_missing_migrations", lambda: 3)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "3 migrations to apply: run `openprm migrate`"}


def test_a_silent_database_makes_it_unavailable_and_tells_strangers_no_more(monkeypatch):
    def silent() -> int:
        raise DatabaseError("connection to 10.1.2.3 as prm_web failed: password hunter2")

    monkeypatch.setattr(health, "_missing_migrations", silent)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "does not answer"}


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_only_read(address: str):
    assert Client().post(address).status_code == 405


def test_every_answer_names_its_request():
    assert re.fullmatch(r"[0-9a-f]{32}", Client().get("/healthz")["X-Request-ID"])


def test_the_proxys_id_is_kept_when_it_is_one():
    assert Client().get("/healthz", headers={"X-Request-ID": "edge-1234567"})["X-Request-ID"] == "edge-1234567"
    assert Client().get("/healthz", headers={"X-Request-ID": "a\nforged: line"})["X-Request-ID"] != "a\nforged: line"


def test_an_error_is_one_line_of_json_without_the_values_of_variables():
    record = _failure()

    line = formatter("json").format(record)
    said = json.loads(line)

    assert said["event"] == "it failed"
    assert said["level"] == "error"
    assert said["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert "hunter2" not in line
    assert "\n" not in line


def test_text_lines_are_for_people():
    assert "ZeroDivisionError" in formatter("text").format(_failure())


def _failure() -> logging.LogRecord:
    password = "hunter" + "2"
    try:
        len(password) / 0
    except ZeroDivisionError as error:
        return logging.LogRecord("openprm", logging.ERROR, __file__, 1, "it failed", (), (type(error), error, error.__traceback__))
    raise AssertionError


def test_the_level_is_the_operators():
    environment = load({"OPENPRM_SECRET_KEY": "x" * 40, "OPENPRM_LOG_LEVEL": "debug", "OPENPRM_LOG_FORMAT": "text"})

    assert logging_settings(environment)["root"]["level"] == "DEBUG"
