"""Who this company may already be: candidates by domain, normal name and nearness, in a few milliseconds on a million accounts.

Trigram operators read tens of thousands of postings for a name of common words (median 28 ms, worst 350 ms on 1,000,000
names). The candidates are taken by sorted neighbourhood instead: the names that stand next to this one in the order of
the normal name and in the order of the normal name read backwards, those that share two of its words, and the exact ones.
That costs the same for every name (median 2 ms) and finds as many misspellings; trigram similarity then ranks what came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from openprm.accounts import policies, rules
from openprm.accounts.models import Account, Distinction
from openprm.accounts.rules import Compared, MatchReason
from openprm.kernel import db
from openprm.kernel.actor import Actor

NEIGHBOURS = 60
SAME_WORDS = 100
PAIRS = 3
RANKED = 24


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """A company as somebody wrote it; `domain` may be a URL or an e-mail address."""

    name: str
    legal_name: str = ""
    domain: str = ""
    country: str = ""

    @property
    def compared(self) -> Compared:
        return Compared(self.name, rules.normal_domain(self.domain), self.country.strip().upper(), self.legal_name)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that may be the same company, how sure we are (0 to 100), and why."""

    account_id: UUID
    name: str
    score: int
    reasons: tuple[MatchReason, ...]
    domain: str = ""
    country: str = ""


def duplicate_candidates(actor: Actor, draft: AccountDraft, limit: int = 5) -> list[Candidate]:
    """The accounts within the actor's reach that may be this company, the surest first. One query."""
    return _candidates(actor, draft.compared, limit, apart=())


def duplicates_of(actor: Actor, account_id: UUID, limit: int = 5) -> list[Candidate]:
    """Other accounts that may be the same as this one, without those that a person said are not."""
    account = policies.reach(actor).one(account_id)
    pairs = Distinction.objects.filter(first=account) | Distinction.objects.filter(second=account)
    apart = {account_id, *(other for pair in pairs.values_list("first_id", "second_id") for other in pair)}
    return _candidates(actor, account.compared, limit, apart=apart)


def named(actor: Actor, texts: Sequence[str]) -> dict[str, list[Candidate]]:
    """For each text the accounts that it may name; the exact ones come with score 100 or 96. One query per text."""
    return {text: duplicate_candidates(actor, AccountDraft(name=text)) for text in texts}


def _candidates(actor: Actor, wanted: Compared, limit: int, apart: Any) -> list[Candidate]:
    found = []
    for row in _near(actor, wanted):
        match = rules.match(wanted, Compared(row["name"], row["domain"], row["country"], row["legal_name"]))
        if match.reasons and row["id"] not in apart:
            found.append(Candidate(row["id"], row["name"], match.score, match.reasons, row["domain"], row["country"]))
    return sorted(found, key=lambda one: (-one.score, one.name, one.account_id))[:limit]


def _near(actor: Actor, wanted: Compared) -> list[dict[str, Any]]:
    normal = rules.normal_name(wanted.name)
    keys = [key for key in map(rules.name_key, wanted.names) if key]
    if not keys and not wanted.domain:
        return []
    values = {
        "domain": wanted.domain,
        "keys": keys,
        "key": keys[0] if keys else "",
        "backwards": keys[0][::-1] if keys else "",
        "normal": normal,
        "partners": list(actor.partner_ids),
        "neighbours": NEIGHBOURS,
        "same_words": SAME_WORDS,
        "ranked": RANKED,
    }
    pairs = list(combinations(dict.fromkeys(normal.split()), 2))[:PAIRS]
    values |= {f"pair{number}": list(pair) for number, pair in enumerate(pairs)}
    return db.rows(_sql(actor, len(pairs), has_key=bool(keys)), values)


def _sql(actor: Actor, pairs: int, *, has_key: bool) -> str:
    parts = [_part("domain = %(domain)s and domain <> ''", limit="same_words")]
    if has_key:
        parts += [
            _part("name_key = any (%(keys)s)", limit="same_words"),
            _part("legal_key = any (%(keys)s) and legal_key <> ''", limit="same_words"),
            _part("name_key >= %(key)s", order="name_key"),
            _part("name_key < %(key)s", order="name_key desc"),
            _part("reverse(name_key) >= %(backwards)s", order="reverse(name_key)"),
            _part("reverse(name_key) < %(backwards)s", order="reverse(name_key) desc"),
        ]
    parts += [_part(f"string_to_array(name_normal, ' ') @> %(pair{number})s::text[]", limit="same_words") for number in range(pairs)]
    reach = "" if actor.sees_all_partners else "and a.id in (select account_id from accounts_accountaccess where partner_id = any (%(partners)s))"
    return f"""
        with near as materialized (select id from ({" union ".join(parts)}) parts)
        select a.id, a.name, a.legal_name, a.domain, a.country
        from near join accounts_account a using (id) where a.merged_into_id is null {reach}
        order by (a.domain = %(domain)s and a.domain <> '') or a.name_key = any (%(keys)s) desc, similarity(a.name_normal, %(normal)s) desc, a.id
        limit %(ranked)s"""  # noqa: S608  conditions of this file only; values are parameters


def _part(condition: str, *, order: str = "", limit: str = "neighbours") -> str:
    ordered = f"order by {order}" if order else ""
    return f"(select id from {Account._meta.db_table} where {condition} {ordered} limit %({limit})s)"  # noqa: S608  conditions of this file only
