"""A superuser with all triggers off changes the log: each change is found and the first broken row is named,
in the live database, in an exported file and in dumps of PostgreSQL."""

import json
import os
import subprocess
import tarfile
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connection

from openprm.audit import commands
from openprm.audit.models import Sealed
from openprm.audit.sources import dump as dumps
from openprm.audit.testing import make_event, make_sealed_events
from openprm.kernel.scope import scope, system_scope


@pytest.fixture
def log(committed_db, cast, at):
    """Three seals of four events each, and one event that waits; gives the ids of the sealed events in order."""
    for hours in range(3):
        with scope(cast.vendor_admin):
            make_sealed_events(
                cast.partner,
                count=4,
                at=at + timedelta(hours=hours),
                visible_to=[cast.partner.pk],
                data={"text": "tab\there \\ “quoted”\nline"},
                private={"score": 7},
            )
    with scope(cast.vendor_admin):
        make_event(cast.partner, at=at + timedelta(hours=4))
    with system_scope():
        return [str(event_id) for event_id in Sealed.objects.order_by("seal_id", "position").values_list("event_id", flat=True)]


def run(*arguments, command=commands.verify_log):
    """The exit code and the answer as JSON."""
    result = CliRunner().invoke(command, [*arguments, "--format", "json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout) if result.stdout else result.stderr


def export(tmp_path):
    path = tmp_path / "log.jsonl"
    assert CliRunner().invoke(commands.export_log, [str(path)]).exit_code == 0
    return path


def dump(cluster, path, form):
    where = cluster.server.parameters(database=connection.settings_dict["NAME"], user="postgres")
    program = str(dumps._pg_restore()).replace("pg_restore", "pg_dump")
    environment = {**os.environ, **({"PGPASSWORD": where["password"]} if where.get("password") else {})}
    subprocess.run(
        [program, f"--format={form}", "--host", where["host"], "--port", str(where.get("port", 5432)), "--username", "postgres", "--file", str(path), where["dbname"]],
        check=True, env=environment,
    )  # fmt: skip
    return path


def test_an_untouched_log_is_whole_wherever_it_is_read(log, tmp_path, cluster):
    answers = [run(), run("--dump", str(export(tmp_path))), *(run("--dump", str(dump(cluster, tmp_path / form, form))) for form in ("custom", "plain"))]

    backup = tmp_path / "backup.tar"
    with tarfile.open(backup, "w") as archive:
        archive.add(tmp_path / "custom", "database.dump")
    answers.append(run("--dump", str(backup)))

    for code, answer in answers:
        assert (code, answer["whole"], answer["seals"], answer["events"], answer["waiting"]) == (0, True, 3, 12, 1), answer
    assert len({answer["head"]["hash"] for _code, answer in answers}) == 1


SWAP = """update audit_sealed s set position = case position when 1 then 2 when 2 then 1 else position end from
          (select seal_id from audit_sealed where event_id = '{5}') one where s.seal_id = one.seal_id"""
COPY_EVENT = """insert into audit_event select gen_random_uuid(), at, verb, actor_side, actor_id, 'Somebody', actor_organization, viewing_as, subject_type,
                subject_id, subject_label, changes, data, note, private, salt, refs, visible_to from audit_event where id = '{5}'"""
FORGED_LEAF = "decode(repeat('ab', 32), 'hex')"

TAMPERINGS = [
    ("one character of a note", ["update audit_event set note = replace(note, 'event', 'Event') where id = '{5}'"], "event_changed", 2, 5),
    ("one microsecond of a time", ["update audit_event set at = at + interval '1 microsecond' where id = '{5}'"], "event_changed", 2, 5),
    ("who did it", ["update audit_event set actor_name = 'Somebody else' where id = '{5}'"], "event_changed", 2, 5),
    ("who may see it", ["update audit_event set visible_to = '{{}}' where id = '{5}'"], "event_changed", 2, 5),
    ("what it refers to", ["update audit_event set refs = refs || gen_random_uuid() where id = '{5}'"], "event_changed", 2, 5),
    ("a private fact", ["update audit_event set private = '{{\"data\": {{\"score\": 8}}}}' where id = '{5}'"], "event_changed", 2, 5),
    ("a number that no event can hold", ["update audit_event set data = '{{\"x\": 1.5}}' where id = '{5}'"], "event_changed", 2, 5),
    ("an event deleted", ["delete from audit_event where id = '{5}'"], "event_missing", 2, 5),
    (
        "an event deleted with its place",
        ["delete from audit_event where id = '{5}'", "delete from audit_sealed where event_id = '{5}'"],
        "event_missing",
        2,
        None,
    ),
    ("two events swapped", ["alter table audit_sealed drop constraint audit_sealed_one_per_place", SWAP], "order_changed", 2, None),
    (
        "an event put into a sealed batch",
        [
            COPY_EVENT,
            f"insert into audit_sealed (event_id, seal_id, position, leaf) select id, 2, 4, {FORGED_LEAF} from audit_event where actor_name = 'Somebody'",
        ],
        "event_inserted",
        2,
        None,
    ),
    ("an event put behind the back of the log", [COPY_EVENT], "event_unlisted", None, None),
    ("a stored hash", [f"update audit_sealed set leaf = {FORGED_LEAF} where event_id = '{{5}}'"], "event_changed", 2, 5),
    ("the time of a seal", ["update audit_seal set at = at - interval '1 day' where number = 2"], "seal_changed", 2, None),
    ("the root of a seal", ["update audit_seal set root = repeat('ab', 32) where number = 2"], "seal_changed", 2, None),
    ("a root that is no hash", ["update audit_seal set root = 'nonsense' where number = 2"], "seal_changed", 2, None),
    ("the size of a seal", ["update audit_seal set size = 3 where number = 2"], "seal_changed", 2, None),
    ("the signature of a seal", ["update audit_seal set signature = signature || 'x' where number = 2"], "seal_changed", 2, None),
    ("a seal deleted", ["delete from audit_seal where number = 2"], "seal_missing", 2, None),
    ("the key replaced", [f"update audit_key set public = {FORGED_LEAF}"], "key_unknown", 1, None),
]


@pytest.mark.parametrize(("what", "statements", "code", "seal", "event"), TAMPERINGS, ids=[row[0] for row in TAMPERINGS])
def test_a_tampering_is_found_and_named(log, superuser, what, statements, code, seal, event):
    assert 0 not in superuser(*(statement.format(*log) for statement in statements))

    exit_code, answer = run()

    first = answer["first_break"]
    assert (exit_code, first["code"], first["seal"]) == (1, code, seal), answer["breaks"]
    if event is not None:
        assert first["event_id"] == log[event]


def test_a_tampering_is_found_in_an_export_and_in_dumps(log, superuser, tmp_path, cluster):
    superuser(f"update audit_event set note = 'another' where id = '{log[5]}'", f"delete from audit_event where id = '{log[9]}'")
    files = [export(tmp_path), *(dump(cluster, tmp_path / form, form) for form in ("custom", "plain"))]

    for path in files:
        exit_code, answer = run("--dump", str(path))
        found = [(one["code"], one["seal"], one["event_id"]) for one in answer["breaks"]]
        assert (exit_code, found) == (1, [("event_changed", 2, log[5]), ("event_missing", 3, log[9])])


def test_a_changed_byte_in_an_exported_file_is_found(log, tmp_path):
    path = export(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"note":"event 1"', b'"note":"event 7"', 1))

    exit_code, answer = run("--dump", str(path))

    assert (exit_code, answer["first_break"]["code"], answer["first_break"]["event_id"]) == (1, "event_changed", log[1])


def test_a_log_cut_off_at_its_end_misses_the_checkpoint_kept_outside(log, superuser, tmp_path, cast):
    from openprm.audit import queries

    kept = tmp_path / "checkpoint.json"
    with scope(cast.partner_rep):
        kept.write_text(json.dumps(queries.checkpoint(cast.partner_rep)))
    assert run("--checkpoint", str(kept))[0] == 0

    events = ", ".join(f"'{event_id}'" for event_id in log[8:])
    superuser(
        f"delete from audit_event where id in ({events})", f"delete from audit_sealed where event_id in ({events})", "delete from audit_seal where number = 3"
    )

    assert run()[0] == 0, "without the checkpoint nobody can tell"
    exit_code, answer = run("--checkpoint", str(kept))
    assert (exit_code, answer["first_break"]["code"]) == (1, "checkpoint_lost")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no audit log"),
        (b"{}\n", "line 1 does not begin a log"),
        (b"hello", "no audit log"),
        (b"\xff\xfe\x00binary", "neither a PostgreSQL dump nor an export"),
        (b"PGDMPnonsense", "pg_restore cannot read the dump"),
        (b'{"type":"log","kind":"openprm-audit-log","v":1}\nnot json\n', "line 2 is not JSON"),
        (b'{"type":"log","kind":"openprm-audit-log","v":1}\n{"type":"seal"}\n', "line 2: a field is missing"),
        (b'{"type":"log","kind":"openprm-audit-log","v":1}\n{"type":"event"}\n', "line 2: a line of type"),
        (b"COPY public.audit_event (id, at) FROM stdin;\n1\t2\t3\n", "a row of the log cannot be read"),
        (b"COPY public.audit_event (id, at) FROM stdin;\n", "breaks off inside table audit_event"),
    ],
)
def test_a_file_that_holds_no_log_is_refused_with_exit_code_2(db, tmp_path, content, reason):
    path = tmp_path / "file"
    path.write_bytes(content)

    result = CliRunner().invoke(commands.verify_log, ["--dump", str(path)])

    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


def test_an_archive_without_a_database_is_refused(db, tmp_path):
    path = tmp_path / "backup.tar"
    with tarfile.open(path, "w") as archive:
        archive.add(__file__, "database.dump.py")

    result = CliRunner().invoke(commands.verify_log, ["--dump", str(path)])

    assert result.exit_code == 2
    assert "holds no database.dump" in result.stderr


def test_a_file_that_is_not_there_is_refused(db, tmp_path):
    result = CliRunner().invoke(commands.verify_log, ["--dump", str(tmp_path / "nowhere")])

    assert result.exit_code == 2
    assert "No such file" in result.stderr


def test_the_answer_in_words_names_the_row(log, superuser):
    superuser(f"update audit_event set note = 'another' where id = '{log[5]}'")

    result = CliRunner().invoke(commands.verify_log, [])

    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith(f"BROKEN event_changed: event {log[5]}, seal 2, position 1: ")
