import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("private_set_intersection", reason="openmined-psi has no wheel for this machine")

from openprm.mapping.engine.psi import folder as folders
from openprm.mapping.engine.psi import journal
from openprm.mapping.engine.psi.folder import Folder
from openprm.mapping.tests.lists import write
from openprm.mapping.tests.psi_company import Company
from openprm.mapping.tests.sides import companies


@pytest.fixture
def two(tmp_path):
    acme, bolt = Company(tmp_path, "acme", companies(0, 120)), Company(tmp_path, "bolt", companies(90, 230))
    acme.pins(bolt)
    bolt.pins(acme)
    return acme, bolt


def rows(file):
    return list(csv.reader(file.open(encoding="utf-8")))


def files(desk):
    return {str(file.relative_to(desk)): file.read_bytes() for file in sorted(desk.rglob("*")) if file.is_file() and file.name not in ("lock", journal.NAME)}


def test_three_files_tell_both_sides_how_many_are_common(two):
    acme, bolt = two
    acme.offers(bolt)
    bolt.answers()
    told, heard = acme.finishes("--out", acme.desk / "acme-common.csv"), bolt.closes()
    run = told["run"]
    assert told == {"run": run, "peer": "bolt", "mode": "count", "common": 30, "ours": 120, "theirs_at_most": 160}
    assert heard == {"run": run, "peer": "acme", "mode": "count", "common": 30, "ours": 140, "theirs_at_most": 125}
    assert rows(acme.desk / "acme-common.csv") == [["common"], ["30"]]


def test_with_both_sides_consent_each_gets_its_own_rows(two):
    acme, bolt = two
    acme.offers(bolt, "--reveal")
    bolt.answers("--reveal")
    acme.finishes("--out", acme.desk / "a.csv")
    bolt.closes("--out", bolt.desk / "b.csv")
    assert rows(acme.desk / "a.csv") == [["id", "domain"], *sorted([f"a{number}", f"company{number}.com"] for number in range(90, 120))]
    assert rows(bolt.desk / "b.csv") == [["id", "domain"], *sorted([f"b{number - 90}", f"company{number}.com"] for number in range(90, 120))]
    assert (acme.desk / "a.csv").stat().st_mode & 0o777 == 0o600


def test_no_file_that_travels_or_stays_holds_a_domain_of_a_count(two):
    acme, bolt = two
    acme.offers(bolt)
    bolt.answers()
    acme.finishes()
    for name, raw in files(acme.desk).items():
        assert name.endswith(".csv") or b"company" not in raw, name


def test_everything_kept_is_for_its_owner_alone(two):
    acme, bolt = two
    acme.offers(bolt)
    kept = [file for file in acme.home.rglob("*") if file.name != "lock"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in kept), kept
    assert acme.home.stat().st_mode & 0o777 == 0o700


def test_the_journal_of_both_sides_says_what_happened_and_a_changed_line_is_seen(two):
    acme, bolt = two
    acme.offers(bolt)
    assert bolt.runs("answer", bolt.desk / "offer.psi", bolt.list, "--out", bolt.desk / "answer.psi", "--reveal").exit_code == 2
    bolt.answers()
    acme.finishes()
    bolt.closes()
    assert [line["what"] for line in acme.journal()] == ["pinned", "offered", "finished"]
    assert [line["what"] for line in bolt.journal()] == ["pinned", "refused", "answered", "finished"]
    assert (acme.journal()[-1]["common"], bolt.journal()[-1]["common"], bolt.journal()[2]["purpose"]) == (30, 30, "joint plan")
    kept = bolt.home / journal.NAME
    kept.write_bytes(kept.read_bytes().replace(b'"common":30', b'"common":31'))
    changed = bolt.runs("journal")
    assert (changed.exit_code, "line 4: was changed" in changed.stderr) == (2, True)


def test_a_journal_line_that_a_crash_cut_off_is_written_anew(two):
    acme, bolt = two
    with (acme.home / journal.NAME).open("ab") as kept:
        kept.write(b'{"at":"2026')
    acme.offers(bolt)
    assert [line["what"] for line in acme.journal()] == ["pinned", "offered"]


def test_the_transcript_is_the_same_on_both_sides_and_verifies(two):
    acme, bolt = two
    acme.offers(bolt)
    bolt.answers()
    run = acme.finishes()["run"]
    bolt.closes()
    told = [json.loads(side.does("transcript", run[:8]).stdout)["messages"] for side in two]
    assert told[0] == told[1]
    file = write(acme.desk, "transcript.json", acme.does("transcript", run).stdout)
    assert [line.split()[2] for line in acme.does("verify", file).stdout.splitlines()] == ["offer", "answer", "close"]
    file.write_text(file.read_text().replace('"joint plan"', '"spam"'))
    assert acme.runs("verify", file).exit_code == 2


def refused(side, said, *asked):
    before = files(side.desk)
    done = side.runs(*asked)
    assert (done.exit_code, said in done.stderr, done.stdout) == (2, True, ""), done.output
    assert files(side.desk) == before


def test_a_repeated_offer_an_answer_to_nobody_and_a_repeated_answer_are_refused_and_nothing_is_written(two):
    acme, bolt = two
    desk = acme.desk
    acme.offers(bolt)
    bolt.answers()
    refused(bolt, "was taken already", "answer", desk / "offer.psi", bolt.list, "--out", desk / "again.psi")
    refused(acme, "This message is our own", "finish", desk / "offer.psi", "--receipt", desk / "x.psi")
    refused(bolt, "This message is our own", "finish", desk / "answer.psi", "--receipt", desk / "x.psi")
    refused(bolt, "is answered: no offer is read in it now", "finish", desk / "offer.psi")
    acme.finishes()
    refused(acme, "is finished: no answer is read in it now", "finish", desk / "answer.psi", "--receipt", desk / "x.psi")
    bolt.closes()
    refused(bolt, "is finished: no close is read in it now", "finish", desk / "receipt.psi")


def test_files_that_are_none_or_are_spoilt_are_refused(two):
    acme, bolt = two
    desk = acme.desk
    acme.offers(bolt)
    whole = (desk / "offer.psi").read_bytes()
    for spoilt, said in (
        (b"", "is no message"),
        (b"PK\x03\x04 a letter", "is no message"),
        (whole[:-1], "cut off or damaged"),
        (whole + b"\0", "cut off or damaged"),
        (whole[:200], "cut off or damaged"),
        (whole[:-1] + bytes([whole[-1] ^ 1]), "was changed after it was signed"),
        (whole.replace(b"joint plan", b"joint plot"), "not signed by the pinned key"),
    ):
        file = write(desk, "spoilt.psi", spoilt)
        refused(bolt, said, "answer", file, bolt.list, "--out", desk / "answer.psi")


def test_a_stranger_is_refused(two, tmp_path):
    _acme, bolt = two
    stranger = Company(tmp_path, "cedar", companies(0, 120))
    stranger.pins(bolt)
    stranger.offers(bolt)
    refused(bolt, "comes from a key that is not pinned here", "answer", tmp_path / "offer.psi", bolt.list, "--out", tmp_path / "answer.psi")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ("id,name\n1,Acme\n", "wrong.csv, row 1: has no column domain"),
        ("id,domain\n1,acme.com\n1,bolt.com\n", "wrong.csv, row 3: the id 1 is already in row 2"),
        ("id,domain\n1,acme.com\n", "The list has 1 domains; at least 100 are needed"),
        ("id,domain\n1," + "x" * 10_000_000 + "\n", "the domain has 10,000,000 signs"),
        ("id,domain\n" + "".join(f"{number},gmail.com\n" for number in range(200)), "The list has 0 domains"),
    ],
)
def test_a_wrong_list_is_refused_and_nothing_is_begun(two, left, said):
    acme, _bolt = two
    file = write(acme.desk, "wrong.csv", left)
    refused(acme, said, "offer", file, "--to", "bolt", "--out", acme.desk / "offer.psi", "--purpose", "plan")
    assert acme.does("runs").stdout == ""


def test_lists_that_differ_little_and_runs_beyond_the_agreed_are_refused(two):
    acme, bolt = two
    asked = ("offer", acme.list, "--to", "bolt", "--out", acme.desk / "offer.psi", "--purpose", "plan")
    for _ in range(2):
        acme.offers(bolt)
        refused(acme, "is still open. Finish it, or give it up", *asked)
        bolt.answers()
        acme.finishes()
        bolt.closes()
        if _ == 0:
            more = write(acme.desk, "more.csv", acme.list.read_text() + "x,probed.com\n")
            refused(acme, "differs in 1 domains", "offer", more, *asked[2:])
    refused(acme, "2 runs with this peer in 30 days; 2 are agreed", *asked)


def test_a_homoglyph_is_another_company_and_one_domain_written_in_many_ways_is_one(two):
    acme, bolt = two
    written = ["https://company91.com/", "INFO@Company91.COM", "www.company91.com", "соmpany92.com"]
    domains = [*written, *companies(0, 90), *companies(93, 120)]
    acme.list.write_text("id,domain\n" + "".join(f"{place},{domain}\n" for place, domain in enumerate(domains)))
    acme.offers(bolt, "--reveal")
    bolt.answers("--reveal")
    assert acme.finishes("--out", acme.desk / "a.csv")["common"] == 1 + 27
    assert [row[0] for row in rows(acme.desk / "a.csv")[1:] if row[1] == "company91.com"] == ["0", "1", "2"]
    assert not [row for row in rows(acme.desk / "a.csv") if row[0] == "3"]


def test_what_was_lost_is_written_again_and_is_the_same(two):
    acme, bolt = two
    acme.offers(bolt)
    bolt.answers()
    sent = (bolt.desk / "answer.psi").read_bytes()
    run = json.loads(bolt.does("runs").stdout)["run"]
    bolt.does("again", run[:6], "--out", bolt.desk / "answer2.psi")
    assert (bolt.desk / "answer2.psi").read_bytes() == sent
    refused(bolt, "it has no result", "again", run, "--result", bolt.desk / "result.csv")
    acme.finishes("--out", acme.desk / "a.csv")
    acme.does("again", run, "--out", acme.desk / "receipt2.psi", "--result", acme.desk / "a2.csv")
    assert (acme.desk / "receipt2.psi").read_bytes() == (acme.desk / "receipt.psi").read_bytes()
    assert (acme.desk / "a2.csv").read_bytes() == (acme.desk / "a.csv").read_bytes()


def test_a_disk_that_fails_hands_nothing_out_and_the_run_goes_on_from_there(two, monkeypatch):
    acme, bolt = two
    acme.offers(bolt)
    real = folders.os.replace

    def full(source, target):
        if Path(target).name == "answer.psi":
            raise OSError(28, "No space left on device")
        return real(source, target)

    monkeypatch.setattr(folders.os, "replace", full)
    done = bolt.runs("answer", bolt.desk / "offer.psi", bolt.list, "--out", bolt.desk / "answer.psi")
    assert (done.exit_code, "No space left on device" in done.stderr, "`openprm psi again`" in done.stderr) == (1, True, True)
    assert sorted(file.name for file in bolt.desk.iterdir() if file.name.endswith((".psi", ".part"))) == ["offer.psi"]
    monkeypatch.undo()
    bolt.does("again", json.loads(bolt.does("runs").stdout)["run"], "--out", bolt.desk / "answer.psi")
    assert acme.finishes()["common"] == 30


def test_a_disk_that_fails_before_the_run_is_kept_leaves_no_run(two, monkeypatch):
    acme, _bolt = two
    monkeypatch.setattr(folders.os, "rename", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    done = acme.runs("offer", acme.list, "--to", "bolt", "--out", acme.desk / "offer.psi", "--purpose", "plan")
    assert done.exit_code == 1
    assert (acme.does("runs").stdout, list(acme.home.glob(".run-*")), (acme.desk / "offer.psi").exists()) == ("", [], False)


def test_a_command_that_was_killed_leaves_no_run_and_no_secret(two):
    acme, _bolt = two
    asked = ["--home", acme.home, "offer", acme.list, "--to", "bolt", "--out", acme.desk / "offer.psi", "--purpose", "plan"]
    die = "import os, signal; from openprm.mapping.engine.psi import folder; folder.os.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL);"
    start = die + "from openprm.mapping.commands.psi import psi; psi()"
    assert subprocess.run([sys.executable, "-c", start, *map(str, asked)], check=False, capture_output=True).returncode == -9
    assert (len(list(acme.home.glob(".run-*"))), (acme.desk / "offer.psi").exists(), acme.does("runs").stdout) == (1, False, "")
    acme.does(*asked[2:])
    assert list(acme.home.glob(".run-*")) == []
    assert [json.loads(line)["stage"] for line in acme.does("runs").stdout.splitlines()] == ["offered"]


def test_a_run_given_up_reads_no_answer_and_forgets_its_secret(two):
    acme, bolt = two
    acme.offers(bolt)
    bolt.answers()
    run = json.loads(acme.does("runs").stdout)["run"]
    acme.does("drop", run[:8])
    refused(acme, "is dropped: no answer is read in it now", "finish", acme.desk / "answer.psi", "--receipt", acme.desk / "x.psi")
    assert json.loads((acme.home / "runs" / run / "run.json").read_text())["secret"] == ""
    assert not (acme.home / "runs" / run / "own.psi").exists()


def test_names_need_a_place_and_a_receipt_needs_one_before_anything_is_computed(two):
    acme, bolt = two
    acme.offers(bolt, "--reveal")
    bolt.answers("--reveal")
    refused(acme, "Say with --receipt", "finish", acme.desk / "answer.psi")
    refused(acme, "Say with --out", "finish", acme.desk / "answer.psi", "--receipt", acme.desk / "r.psi")
    refused(acme, "Two of these files are the same", "finish", acme.desk / "answer.psi", "--receipt", acme.desk / "answer.psi", "--out", acme.desk / "a.csv")
    refused(acme, "is not there", "finish", acme.desk / "answer.psi", "--receipt", acme.desk / "no" / "r.psi", "--out", acme.desk / "a.csv")


def test_a_pinned_key_does_not_change_and_has_one_name(two, tmp_path):
    acme, bolt = two
    other = Company(tmp_path, "cedar", companies(0, 120))
    refused(acme, "bolt is pinned with another key", "pin", "bolt", other.key())
    refused(acme, "This key is pinned as bolt", "pin", "bolt2", bolt.key())
    refused(acme, "This is no public key", "pin", "cedar", "abc")
    refused(acme, "Name the peer in letters", "pin", "../cedar", other.key())
    refused(acme, "The least size must be 10 or more", "pin", "bolt", bolt.key(), "--least", "1")
    refused(acme, "No peer is pinned as dunn. Pinned: bolt", "offer", acme.list, "--to", "dunn", "--out", acme.desk / "o.psi", "--purpose", "plan")


def test_two_commands_at_once_do_not_both_begin(two):
    acme, _bolt = two
    with Folder(acme.home).alone():
        done = acme.runs("offer", acme.list, "--to", "bolt", "--out", acme.desk / "offer.psi", "--purpose", "plan")
    assert (done.exit_code, "Another command is at work" in done.stderr) == (2, True)


def test_without_the_library_it_is_said_what_to_install(two):
    acme, _bolt = two
    hide = "import sys; sys.modules['private_set_intersection'] = None; from openprm.mapping.commands.psi import psi; psi()"
    asked = ["--home", acme.home, "offer", acme.list, "--to", "bolt", "--out", acme.desk / "offer.psi", "--purpose", "plan"]
    done = subprocess.run([sys.executable, "-c", hide, *map(str, asked)], capture_output=True, text=True, check=False, env=os.environ)
    assert (done.returncode, "pip install 'openprm[psi]'" in done.stderr) == (2, True), done.stderr
    assert not (acme.desk / "offer.psi").exists()
