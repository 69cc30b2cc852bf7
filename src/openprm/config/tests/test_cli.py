"""The command line: what it lists, where it writes, how it fails."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.core import mail
from django.core.mail import EmailMessage

from openprm.config.cli import BUILT_IN, main
from openprm.config.commands import listing
from openprm.config.commands.failures import explain
from openprm.config.commands.serve import refuse_busy_port
from openprm.config.email import email_settings
from openprm.config.environment import BadEnvironment, load
from openprm.config.outbox import EmailBackend
from openprm.config.tests.conftest import openprm
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.registry import registry

SECRET = "a secret for tests that protects nothing at all"


def test_a_command_that_needs_no_django_starts_without_it():
    assert listing.without_django() == {
        "attribute": "openprm.attribution.commands",
        "map-accounts": "openprm.mapping.commands.accounts",
        "psi": "openprm.mapping.commands.psi",
    }
    asked = (
        "import sys, openprm.attribution.commands, openprm.mapping.commands.accounts, openprm.mapping.commands.psi; raise SystemExit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_help_lists_our_commands_and_those_of_the_domains():
    text = CliRunner().invoke(main, ["--help"]).output

    listed = {line.split()[0] for line in text.splitlines() if line.startswith("  ")}
    assert set(BUILT_IN) <= listed
    assert {"demo", "import", "export", "verify-log"} <= listed


def test_the_commands_listed_are_those_that_the_domains_wire():
    wired = {command.name for command in registry.all("commands")}

    assert set(listing.contributed()) == wired
    assert all(listing.contributed().values()), "a command without a word of help"


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_every_command_of_ours_is_there_under_its_name(name: str):
    command = main.get_command(click.Context(main), name)

    assert command.name == name


def test_an_unknown_command_is_wrong_input():
    done = CliRunner().invoke(main, ["seve"])

    assert done.exit_code == 2
    assert "No such command 'seve'" in done.output


def test_wrong_settings_stop_every_command_with_one_sentence_each():
    done = openprm("serve", OPENPRM_URL="nonsense", OPENPRM_WEB_WORKERS="0")

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "OPENPRM_URL is wrong: give an address like https://partners.example.com, without a path.",
        "OPENPRM_WEB_WORKERS is wrong: give a whole number from 1 to 64.",
    ]


def test_refusals_become_messages_with_their_exit_codes():
    assert (explain(Invalid("The file has no header row.")).exit_code, explain(NotFound("registration")).exit_code) == (2, 1)
    assert explain(Invalid("The file has no header row.")).message == "The file has no header row."
    assert explain(BadEnvironment(["a", "b"])).message == "a\nb"
    assert explain(RuntimeError("a defect")) is None


def test_a_busy_port_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(click.UsageError) as refusal:
            refuse_busy_port("127.0.0.1", port)

    assert refusal.value.message.startswith(f"Cannot listen on 127.0.0.1:{port} (Address already in use).")


@pytest.mark.django_db
def test_check_answers_in_json_on_stdout():
    done = CliRunner().invoke(main, ["check", "--format", "json"])

    findings = {finding["subject"]: finding for finding in json.loads(done.stdout)}
    assert findings["isolation"]["is_good"]
    assert findings["migrations"]["message"] == "all applied"
    assert done.exit_code == 0, done.stdout


def test_mail_goes_where_the_address_says():
    def settings(url: str) -> dict:
        return email_settings(load({"OPENPRM_SECRET_KEY": SECRET, "OPENPRM_EMAIL_URL": url}))

    smtp = settings("smtp+tls://post%40acme:p%2Fw@mail.acme.example")
    assert (smtp["EMAIL_HOST"], smtp["EMAIL_PORT"], smtp["EMAIL_USE_TLS"], smtp["EMAIL_USE_SSL"]) == ("mail.acme.example", 587, True, False)
    assert (smtp["EMAIL_HOST_USER"], smtp["EMAIL_HOST_PASSWORD"]) == ("post@acme", "p/w")
    assert settings("smtp+ssl://mail:2465")["EMAIL_PORT"] == 2465
    assert settings("file:///var/mails")["EMAIL_FILE_PATH"] == "/var/mails"


def test_the_outbox_keeps_each_mail_in_a_file_of_its_own_for_its_owner_alone(tmp_path: Path):
    messages = [EmailMessage("Sign in: now!", "https://x.example/link", "a@x.example", ["b@x.example"]) for _ in range(2)]

    sent = EmailBackend(file_path=str(tmp_path / "outbox")).send_messages(messages)

    files = sorted((tmp_path / "outbox").iterdir())
    assert (sent, len(files)) == (2, 2)
    assert all(file.stat().st_mode & 0o777 == 0o600 and "-sign-in-now-" in file.name for file in files)
    assert b"https://x.example/link" in files[0].read_bytes()
    assert mail.outbox == []
