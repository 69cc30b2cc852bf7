"""A company that uses `openprm psi`: its folder, its list, and the desk on which files are exchanged."""

import json

from click.testing import CliRunner

from openprm.mapping.commands.psi import psi
from openprm.mapping.tests.lists import write


def listed(domains, prefix):
    return "id,domain\n" + "".join(f"{prefix}{place},https://www.{domain}/about\n" for place, domain in enumerate(domains))


class Company:
    """One of two companies without a network between them: a folder of its own, and the files in `desk`."""

    def __init__(self, desk, name, domains):
        self.desk, self.name, self.home = desk, name, desk / name
        self.list = write(desk, f"{name}.csv", listed(domains, name[0]))

    def runs(self, *asked):
        return CliRunner().invoke(psi, ["--home", str(self.home), *map(str, asked)])

    def does(self, *asked):
        done = self.runs(*asked)
        assert done.exit_code == 0, done.output
        return done

    def key(self):
        return self.does("key").stdout.strip()

    def pins(self, other, *agreed):
        self.does("pin", other.name, other.key(), *agreed)

    def offers(self, other, *more):
        self.does("offer", self.list, "--to", other.name, "--out", self.desk / "offer.psi", "--purpose", "joint plan", *more)

    def answers(self, *more):
        self.does("answer", self.desk / "offer.psi", self.list, "--out", self.desk / "answer.psi", *more)

    def finishes(self, *more):
        return json.loads(self.does("finish", self.desk / "answer.psi", "--receipt", self.desk / "receipt.psi", *more).stdout)

    def closes(self, *more):
        return json.loads(self.does("finish", self.desk / "receipt.psi", *more).stdout)

    def journal(self):
        return [json.loads(line) for line in self.does("journal").stdout.splitlines()]
