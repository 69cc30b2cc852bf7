"""The settings: typed, with defaults that work, and one clear message for each wrong one."""

import re
from pathlib import Path

import pytest

from openprm.config.environment import CHECKOUT, BadEnvironment, kept_secret, load, variables

SECRET = "a secret for tests that protects nothing at all"


def problems(**environ: str) -> list[str]:
    with pytest.raises(BadEnvironment) as refusal:
        load({"OPENPRM_SECRET_KEY": SECRET} | environ)
    return refusal.value.problems


def test_nothing_needs_to_be_set(tmp_path: Path):
    environment = load({"OPENPRM_DATA": str(tmp_path)})

    assert environment.is_embedded
    assert environment.db_role == "app"
    assert environment.url == "http://127.0.0.1:8000"
    assert environment.hosts == ("127.0.0.1", "localhost", "[::1]")
    assert environment.email_url == f"file://{tmp_path}/outbox"
    assert environment.media == tmp_path / "media"
    assert len(environment.secret_key) >= 50


def test_the_public_address_is_served_without_saying_it_twice(tmp_path: Path):
    environment = load({"OPENPRM_SECRET_KEY": SECRET, "OPENPRM_URL": "https://partners.example.com/"})

    assert environment.url == "https://partners.example.com"
    assert environment.hosts == ("partners.example.com", "127.0.0.1", "localhost", "[::1]")
    assert environment.email_from == "OpenPRM <openprm@partners.example.com>"
    assert environment.is_https


def test_the_owner_is_the_app_unless_said_otherwise():
    environment = load({"OPENPRM_SECRET_KEY": SECRET, "DATABASE_URL": "postgresql://web@db/prm"})

    assert not environment.is_embedded
    assert environment.owner_database_url == "postgresql://web@db/prm"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("OPENPRM_URL", "partners.example.com", "OPENPRM_URL is wrong: give an address like https://partners.example.com, without a path."),
        ("OPENPRM_WEB_WORKERS", "many", "OPENPRM_WEB_WORKERS is wrong: give a whole number from 1 to 64."),
        ("OPENPRM_WEB_WORKERS", "0", "OPENPRM_WEB_WORKERS is wrong: give a whole number from 1 to 64."),
        ("OPENPRM_DEBUG", "maybe", "OPENPRM_DEBUG is wrong: say 1 or 0."),
        ("OPENPRM_LOG_FORMAT", "xml", "OPENPRM_LOG_FORMAT is wrong: choose json or text."),
        ("OPENPRM_SECRET_KEY", "short", "OPENPRM_SECRET_KEY is wrong: it is too short to protect sessions; use at least 32 random characters."),
        ("DATABASE_URL", "mysql://root@db/prm", "DATABASE_URL is wrong: give an address like postgresql://user:password@host:5432/openprm."),
        ("DATABASE_URL", "postgresql://db", "DATABASE_URL is wrong: the address names no database; add /openprm at its end."),
        ("OPENPRM_EMAIL_URL", "mail.example.com", "OPENPRM_EMAIL_URL is wrong: start it with smtp://, smtp+tls://, smtp+ssl://, file:// or console://."),
        ("OPENPRM_DTA", "/srv", "OPENPRM_DTA is not a setting of OpenPRM: see docs/configuration.md for those that are."),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(name: str, value: str, message: str):
    assert problems(**{name: value}) == [message]


def test_every_wrong_value_is_named_at_once():
    found = problems(OPENPRM_URL="x", OPENPRM_WEB_THREADS="-1", OPENPRM_DEBUG="?")

    assert [line.split()[0] for line in found] == ["OPENPRM_DEBUG", "OPENPRM_URL", "OPENPRM_WEB_THREADS"]


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path):
    file = tmp_path / "file"
    file.touch()

    assert problems(OPENPRM_DATA=str(file)) == ["OPENPRM_DATA is wrong: that is a file; name a folder."]


def test_secrets_are_not_shown(tmp_path: Path):
    environment = load({"OPENPRM_SECRET_KEY": SECRET, "OPENPRM_EMAIL_URL": "smtp://user:hush@mail"})

    assert SECRET not in repr(environment)
    assert "hush" not in repr(environment)


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path):
    first = kept_secret(tmp_path / "data" / "secret-key")

    assert kept_secret(tmp_path / "data" / "secret-key") == first
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_the_manual_lists_every_variable_and_no_other():
    manual = (CHECKOUT / "docs/configuration.md").read_text()

    listed = re.findall(r"^\| `([A-Z_]+)` \|", manual, flags=re.MULTILINE)

    assert sorted(listed) == sorted(variable.name for variable in variables().values())


def test_the_manual_gives_the_defaults_that_count():
    manual = (CHECKOUT / "docs/configuration.md").read_text()

    for variable in variables().values():
        if isinstance(variable.default, int | str) and not isinstance(variable.default, bool):
            row = re.search(rf"^\| `{variable.name}` \|.*$", manual, flags=re.MULTILINE)
            assert row, variable.name
            said = f"`{variable.default}`" if variable.default != "" else "| none: "
            assert said in row.group(), variable.name
