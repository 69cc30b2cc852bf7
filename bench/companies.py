"""Two lists of companies with known matches, as large as asked for: real names, spoilt the way lists spoil them.

The names are those of the labelled lists (../shared/data/mapping). Where more are asked for than there are, the beginning of one name
is joined to the end of another, so that words stay as common and as rare as they are among companies.
"""

import csv
import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

MAPPING = Path(__file__).resolve().parents[2] / "shared" / "data" / "mapping"
SOURCES = ("listings_figi/A.csv", "compustat_orbis/B.csv", "fortune500_fd/B.csv")
HEADER = ("id", "name", "domain", "country", "city")
IN_BOTH = 0.7  # of the companies of a list are in the other one
_ENDINGS = {"DE": "de", "FR": "fr", "SE": "se", "IT": "it", "ES": "es", "NL": "nl", "GB": "co.uk", "JP": "co.jp", "IN": "in", "CN": "cn", "AU": "com.au"}
_FORMS = [
    "Inc.",
    "Inc",
    "Ltd",
    "Ltd.",
    "Limited",
    "LLC",
    "Corp.",
    "Corporation",
    "Co.",
    "plc",
    "PLC",
    "AG",
    "GmbH",
    "SA",
    "S.A.",
    "SpA",
    "S.p.A.",
    "AB",
    "NV",
    "N.V.",
    "BV",
    "AS",
    "A/S",
    "Oyj",
    "ASA",
]
_FORM_WORDS = r"\b(inc|ltd|limited|llc|corp|corporation|co|company|plc|ag|gmbh|sa|spa|ab|nv|bv|as|oyj|asa|se|public|group|holdings?|sicav|the|publ|kk|bhd|tbk|pt|aktiengesellschaft)\b"
_SHORT = {
    "International": "Intl",
    "Technologies": "Tech",
    "Technology": "Tech",
    "Pharmaceuticals": "Pharma",
    "Industries": "Inds",
    "Holdings": "Hldgs",
    "Services": "Svcs",
    "Systems": "Sys",
    "Manufacturing": "Mfg",
    "Resources": "Res",
    "Financial": "Finl",
    "Group": "Grp",
    "Company": "Co",
    "Energy": "Energie",
    "Engineering": "Engr",
    "Electric": "Elec",
    "Insurance": "Ins",
    "Investment": "Inv",
    "Management": "Mgmt",
    "and": "&",
}
_EXTRA = ["Group", "International", "Holdings", "Europe", "Germany", "UK", "Services", "Global", "Worldwide", "Solutions"]


@dataclass(frozen=True)
class Row:
    id: str
    name: str
    domain: str
    country: str
    city: str


def there() -> bool:
    return all((MAPPING / source).exists() for source in SOURCES)


def two_lists(count: int, folder: Path, seed: int = 7) -> tuple[Path, Path, Path]:
    """LEFT.csv and RIGHT.csv with `count` rows each, and links.csv (a, b)."""
    chance = random.Random(seed)
    fresh = _companies(chance)
    common = int(count * IN_BOTH)
    rows = [next(fresh) for _place in range(2 * count - common)]
    left, right = rows[:count], [*rows[:common], *rows[count:]]
    numbers = list(range(count))
    chance.shuffle(numbers)
    places = {number: place for place, number in enumerate(numbers)}
    _write(folder / "LEFT.csv", (replace(_thinned(row, chance), id=f"L{n}") for n, row in enumerate(left)))
    _write(folder / "RIGHT.csv", (replace(_thinned(_spoilt(right[n], chance), chance), id=f"R{place}") for place, n in enumerate(numbers)))
    with (folder / "links.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("a", "b"), *((f"L{n}", f"R{places[n]}") for n in range(common))])
    return folder / "LEFT.csv", folder / "RIGHT.csv", folder / "links.csv"


def _companies(chance: random.Random) -> Iterator[Row]:
    """Companies of different names, without end."""
    real = {_key(row["name"]): row for source in SOURCES for row in csv.DictReader((MAPPING / source).open(encoding="utf-8"))}
    rows = list(real.values())
    chance.shuffle(rows)
    seen, domains = set(real), set[str]()
    for row in rows:
        yield _company(row["name"], row, domains, chance)
    while True:
        row, other = chance.choice(rows), chance.choice(rows)
        name = _joined(row["name"], other["name"], chance)
        if _key(name) not in seen and _key(name) != _key(name.split()[0]):
            seen.add(_key(name))
            yield _company(name, row, domains, chance)


def _key(name: str) -> str:
    """What tells a name apart, without its legal form: no two companies of a list have the same."""
    return re.sub(_FORM_WORDS, "", re.sub(r"[^a-z0-9 ]", "", name.lower())).replace(" ", "")


def _joined(one: str, other: str, chance: random.Random) -> str:
    """The first word or two of one name and the rest of another, after its first word."""
    begin, end = one.split(), other.split()
    head = begin[: chance.choice((1, 1, 2))]
    return " ".join([*head, *(end[1:] or end)])[:120]


def _company(name: str, row: dict[str, str], taken: set[str], chance: random.Random) -> Row:
    """With a domain of its own: the first words of its name, as few as are free, else a number behind them."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    ending = chance.choice(("com", _ENDINGS.get(row["country"], "com")))
    choices = ["".join(words[:length])[:40] for length in range(chance.choice((1, 2, 2, 3)), len(words) + 1)] or ["company"]
    domain = next((f"{chosen}.{ending}" for chosen in choices if f"{chosen}.{ending}" not in taken), f"{choices[-1]}{len(taken)}.{ending}")
    taken.add(domain)
    return Row("", name, domain, row["country"], row["city"].title())


def _thinned(row: Row, chance: random.Random) -> Row:
    """A list does not know everything."""
    return replace(
        row,
        domain=row.domain if chance.random() < 0.7 else "",
        country=row.country if chance.random() < 0.9 else "",
        city=row.city if chance.random() < 0.7 else "",
    )


def _spoilt(row: Row, chance: random.Random) -> Row:
    name = row.name
    for spoil, how_often in _SPOILS:
        if chance.random() < how_often:
            name = spoil(name, chance)
    domain = re.sub(r"\..*", chance.choice((".net", ".org", ".eu", ".io")), row.domain) if chance.random() < 0.04 else row.domain
    return replace(row, name=name or row.name, domain=f"www.{domain}" if chance.random() < 0.2 else domain, city="" if chance.random() < 0.05 else row.city)


def _case(name: str, chance: random.Random) -> str:
    return chance.choice((str.upper, str.lower, str.title))(name)


def _form(name: str, chance: random.Random) -> str:
    bare = re.sub(r"[,\s]+(" + "|".join(map(re.escape, _FORMS)) + r")\s*$", "", name)
    return bare if chance.random() < 0.5 else f"{bare} {chance.choice(_FORMS)}"


def _typo(name: str, chance: random.Random) -> str:
    at = chance.randrange(max(len(name) - 1, 1))
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        (name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :], name[:at] + name[at : at + 2][::-1] + name[at + 2 :])
    )


def _without_word(name: str, chance: random.Random) -> str:
    words = name.split()
    return " ".join(w for n, w in enumerate(words) if n != chance.randrange(1, len(words))) if len(words) > 2 else name


def _swapped(name: str, chance: random.Random) -> str:
    words = name.split()
    return " ".join([*words[1:], words[0]]) if len(words) > 1 else name


def _shortened(name: str, _chance: random.Random) -> str:
    return " ".join(_SHORT.get(word, word) for word in name.split())


def _glued(name: str, _chance: random.Random) -> str:
    return name.replace(" ", "", 1) if " " in name else name


def _longer(name: str, chance: random.Random) -> str:
    return f"{name} {chance.choice(_EXTRA)}"


def _cut(name: str, _chance: random.Random) -> str:
    return name[:24]


def _initials(name: str, _chance: random.Random) -> str:
    words = name.split()
    return "".join(word[0] for word in words).upper() if len(words) >= 3 else name


def _other(name: str, chance: random.Random) -> str:
    """The company goes by another name here: nobody can know."""
    return "".join(chance.choice(string.ascii_lowercase) for _letter in range(8)).title()


_SPOILS = (
    *((_shortened, 0.2), (_form, 0.4), (_typo, 0.16), (_typo, 0.04), (_without_word, 0.06), (_swapped, 0.03), (_glued, 0.03)),
    *((_longer, 0.06), (_cut, 0.05), (_initials, 0.01), (_other, 0.05), (_case, 0.4)),
)


def _write(file: Path, rows: Iterator[Row]) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADER)
        writer.writerows((row.id, row.name, row.domain, row.country, row.city) for row in rows)
