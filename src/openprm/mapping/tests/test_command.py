import csv
import os

import pytest
from click.testing import CliRunner

from openprm.mapping.commands.accounts import map_accounts
from openprm.mapping.tests.lists import write

HEAD = "id,name,domain,country,city\n"
RIGHT = HEAD + "r1,ACME,acme.com,DE,\nr2,Brightwater Foods,,US,Boston\n"


def run(folder, left, right=RIGHT, *more):
    files = write(folder, "left.csv", left), write(folder, "right.csv", right)
    return CliRunner().invoke(map_accounts, [*map(str, files), "--out", str(folder / "pairs.csv"), *more])


def rows(folder):
    return list(csv.reader((folder / "pairs.csv").open(encoding="utf-8")))


def test_the_pairs_are_written_with_their_reasons(tmp_path):
    done = run(tmp_path, HEAD + "l1,Acme GmbH,https://acme.com,DE,Berlin\nl2,Brightwater Foods Inc.,,US,Boston\n", RIGHT, "--one-to-one")
    assert done.exit_code == 0, done.output
    assert rows(tmp_path)[0] == ["left_id", "right_id", "score", "matched_on"]
    assert [row[:2] for row in rows(tmp_path)[1:]] == [["l1", "r1"], ["l2", "r2"]]
    assert rows(tmp_path)[1][2:] == ["0.9950", "domain+name+country+web label"]
    assert "2 pairs written" in done.stderr
    assert done.stdout == ""


def test_only_id_and_name_are_needed_in_any_order_and_semicolons_do(tmp_path):
    assert run(tmp_path, "Name;ID\nBrightwater Foods;l9\n").exit_code == 0
    assert [row[:2] for row in rows(tmp_path)[1:]] == [["l9", "r2"]]


def test_rows_without_a_name_are_counted_and_the_rest_is_matched(tmp_path):
    done = run(tmp_path, HEAD + "l1,,acme.com,,\nl2,,,,\nl3,Brightwater Foods,,US,\n")
    assert done.exit_code == 0
    assert "2 rows without a name were not compared by name; 1 of them have no domain or identifier either" in done.stderr
    assert sorted(row[:2] for row in rows(tmp_path)[1:]) == [["l1", "r1"], ["l3", "r2"]]


def test_lines_in_another_encoding_are_read_and_said(tmp_path):
    left = (HEAD + "l1,Müller Bräu,,DE,\n").encode() + "l2,Müller Käse,,DE,\n".encode("cp1252")
    done = run(tmp_path, left, HEAD + "r1,Mueller Braeu,,DE,\nr2,Muller Kase,,DE,\n")
    assert "1 rows are not UTF-8 (the first is row 3): read as Windows-1252" in done.stderr
    assert sorted(row[:2] for row in rows(tmp_path)[1:]) == [["l1", "r1"], ["l2", "r2"]]


def test_utf16_is_read(tmp_path):
    assert run(tmp_path, (HEAD + "l1,Brightwater Foods,,US,\n").encode("utf-16")).exit_code == 0
    assert [row[:2] for row in rows(tmp_path)[1:]] == [["l1", "r2"]]


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ("", "left.csv: is empty"),
        ("id,domain\n1,a.com\n", "left.csv, row 1: has no column name"),
        ("id,name,name\n1,a,b\n", "left.csv, row 1: has the column name twice"),
        ("id,name\n1,Acme\n\n2,Bolt\n1,Cedar\n", "left.csv, row 5: the id 1 is already in row 2"),
        ("id,name\n1,Acme\n,Bolt\n", "left.csv, row 3: has no id"),
        ("id,name\n1,Acme\n2,Bolt,x\n", "left.csv, row 3: has 3 cells, the heading has 2"),
        ('id,name\n1,Acme\n2,"Bolt\n3,Cedar\n', "left.csv, row 3: unexpected end of data"),
        (b"id,name\n1,Ac\0me\n", "left.csv, row 2: holds a zero byte"),
        ("id,name\n1,Acme\n2," + "x" * 10_000_000 + "\n", "left.csv, row 3: the name has 10,000,000 signs"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(tmp_path, left, said):
    done = run(tmp_path, left)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert sorted(os.listdir(tmp_path)) == ["left.csv", "right.csv"]


def test_an_older_result_stays_when_a_file_is_wrong(tmp_path):
    write(tmp_path, "pairs.csv", "older")
    assert run(tmp_path, "id\n1\n").exit_code == 2
    assert (tmp_path / "pairs.csv").read_text() == "older"


def test_a_list_is_never_written_over(tmp_path):
    left = write(tmp_path, "left.csv", HEAD + "1,Acme,,,\n")
    done = CliRunner().invoke(map_accounts, [str(left), str(left), "--out", str(left)])
    assert (done.exit_code, left.read_text()) == (2, HEAD + "1,Acme,,,\n")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    left = write(tmp_path, "left.csv", HEAD + "1,Acme,,,\n")
    done = CliRunner().invoke(map_accounts, [str(left), str(left), "--out", str(tmp_path / "no" / "pairs.csv")])
    assert (done.exit_code, "is not there. Make it first." in done.stderr) == (2, True)


def test_redirects_join_an_old_domain_to_the_new_one(tmp_path):
    redirects = write(tmp_path, "moved.csv", "old,new\nacme-old.com,www.acme.com\n")
    run(tmp_path, HEAD + "l1,Zenith,acme-old.com,,\n", RIGHT, "--redirects", str(redirects))
    assert [row[:2] for row in rows(tmp_path)[1:]] == [["l1", "r1"]]


def test_lists_without_rows_have_no_pairs(tmp_path):
    assert run(tmp_path, HEAD, HEAD).exit_code == 0
    assert rows(tmp_path) == [["left_id", "right_id", "score", "matched_on"]]


def test_a_list_with_nearly_a_third_of_its_names_missing_and_look_alike_domains_is_matched_by_what_is_sure(tmp_path):
    left = HEAD + "".join(f"l{n},{'' if n % 10 < 3 else f'Brightwater Foods {n}'},,US,\n" for n in range(100)) + "look,Acme Ltd,\u0430cme.com,US,\n"
    done = run(tmp_path, left, HEAD + "r1,Zenith,acme.com,DE,\nr2,Brightwater Foods 17,,US,\n", "--one-to-one")
    assert (done.exit_code, "30 rows without a name were not compared by name" in done.stderr) == (0, True), done.stderr
    assert [row[:2] for row in rows(tmp_path)[1:]] == [["l17", "r2"]]


def test_where_spark_is_configured_and_cannot_start_it_is_said_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENPRM_ANALYTICS", "local[2]")
    monkeypatch.setattr("openprm.analytics.spark.shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    done = run(tmp_path, HEAD + "l1,Acme,,,\n")
    assert (done.exit_code, "Java 17" in done.stderr, "Nothing was written." in done.stderr) == (1, True, True)
    assert sorted(os.listdir(tmp_path)) == ["left.csv", "right.csv"]
