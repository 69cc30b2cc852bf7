import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from openprm.audit import commands, queries, services
from openprm.audit.queries import NotSealedYet
from openprm.audit.rules.proofs import read_proof, verify_proof
from openprm.audit.testing import make_event, make_sealed_events
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared_event(cast, at):
    """One event among seven that the partner may see, with a private half."""
    with scope(cast.vendor_admin):
        event_id = make_event(cast.partner, at=at, visible_to=[cast.partner.pk], private={"score": 7})
        make_sealed_events(cast.other_partner, count=6, at=at)
    return event_id


def proof_of(actor, event_id, **more):
    with scope(actor):
        return queries.proof(actor, event_id, **more)


def test_a_partner_gets_a_proof_that_holds_without_us(cast, shared_event):
    proof = proof_of(cast.partner_rep, shared_event)

    verdict = verify_proof(read_proof(json.dumps(proof).encode()), trusted_key=queries.public_keys()[0].fingerprint)

    assert verdict.holds
    assert verdict.event["id"] == str(shared_event)
    assert "score" not in json.dumps(proof)


def test_a_partner_cannot_ask_for_the_private_half(cast, shared_event):
    assert "private" not in proof_of(cast.partner_rep, shared_event, with_private=True)


def test_the_vendor_can_open_the_private_half(cast, shared_event):
    proof = proof_of(cast.vendor_admin, shared_event, with_private=True)

    assert proof["private"]["content"]["private"] == {"data": {"score": 7}}
    assert verify_proof(proof).holds


def test_a_proof_of_somebody_elses_event_is_not_to_be_had(cast, shared_event):
    with pytest.raises(NotFound):
        proof_of(cast.other_partner_rep, shared_event)


def test_an_event_that_waits_has_no_proof_yet(cast, at):
    with scope(cast.vendor_admin):
        event_id = make_event(cast.partner, at=at)

    with pytest.raises(NotSealedYet):
        proof_of(cast.vendor_admin, event_id)


def test_the_command_checks_a_proof_offline(cast, shared_event, tmp_path):
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proof_of(cast.partner_rep, shared_event)))

    result = CliRunner().invoke(commands.verify_one_proof, [str(path)])

    assert (result.exit_code, "The proof holds." in result.stdout) == (0, True)


def test_the_command_names_the_step_that_fails(cast, shared_event, tmp_path):
    proof = proof_of(cast.partner_rep, shared_event)
    proof["event"]["at"] = "2020-01-01T00:00:00.000000Z"
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proof))

    result = CliRunner().invoke(commands.verify_one_proof, [str(path), "--format", "json"])

    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["holds"]) == (1, False)
    assert [check["code"] for check in answer["checks"] if not check["passed"]] == ["event_matches_leaf"]


def test_the_command_refuses_a_file_that_is_no_proof(tmp_path):
    path = tmp_path / "proof.json"
    path.write_text("{}")

    result = CliRunner().invoke(commands.verify_one_proof, [str(path)])

    assert (result.exit_code, result.stdout) == (2, "")


def test_every_event_of_a_batch_has_a_proof(cast, at):
    with scope(cast.vendor_admin):
        made = make_sealed_events(cast.partner, count=13, at=at)
        assert services.seal_waiting(at=at) == 0

    assert all(verify_proof(proof_of(cast.vendor_admin, event_id)).holds for event_id in made)


def test_the_program_in_the_documentation_checks_a_proof(cast, shared_event, tmp_path):
    text = (Path(__file__).resolve().parents[4] / "docs/algorithms/audit-log.md").read_text()
    program = tmp_path / "check.py"
    program.write_text(text.split("```python\n")[1].split("```")[0])
    proof = proof_of(cast.partner_rep, shared_event)
    good, forged = tmp_path / "good.json", tmp_path / "forged.json"
    good.write_text(json.dumps(proof))
    forged.write_text(json.dumps(proof | {"event": proof["event"] | {"at": "2020-01-01T00:00:00.000000Z"}}))

    codes = [subprocess.run([sys.executable, str(program), str(path)], capture_output=True, check=False).returncode for path in (good, forged)]

    assert codes == [0, 1]
