"""Web domains as they are registered, for a whole column at once."""

from collections.abc import Mapping
from functools import cache

import idna
import pyarrow as pa
import pyarrow.compute as pc

from openprm.kernel.domains import FREE_MAIL, normal_domain, public_suffixes
from openprm.mapping.engine.lexicon import plain

_HOST = r"^[a-z0-9][a-z0-9-]{0,62}(\.[a-z0-9-]{1,63})+$"
_LONGEST = 2000


def read_domains(texts: pa.Array, redirects: Mapping[str, str] | None = None) -> pa.Array:
    """The registered domain of each text, "" where there is none. `redirects` says which domain leads to which, both normalised."""
    encoded = pc.utf8_slice_codeunits(pc.fill_null(texts, ""), 0, _LONGEST).dictionary_encode()
    distinct = _registered(encoded.dictionary)
    if redirects:
        distinct = _followed(distinct, redirects)
    return distinct.take(encoded.indices)


def read_redirects(pairs: Mapping[str, str]) -> dict[str, str]:
    """Redirects between registered domains; what names no domain, or itself, is left out."""
    normal = {normal_domain(old): normal_domain(new) for old, new in pairs.items()}
    return {old: new for old, new in normal.items() if old and new and old != new}


def labels(domains: pa.Array) -> pa.Array:
    """What the company chose of its domain: "acme-steel.co.uk" gives "acmesteel"."""
    return pc.replace_substring(pc.replace_substring_regex(domains, r"\..*$", ""), "-", "")


def looks(domains: pa.Array) -> pa.Array:
    """The labels in Latin letters: a Cyrillic look-alike of "acme.com" looks like "acme"."""
    foreign = pc.starts_with(domains, "xn--")
    seen = pa.array([_seen(domain) for domain in domains.filter(foreign).to_pylist()], pa.string())
    return pc.replace_with_mask(labels(domains), foreign, seen)


def _seen(domain: str) -> str:
    try:
        return plain(idna.decode(domain.partition(".")[0])).replace("-", "")
    except (idna.IDNAError, UnicodeError):
        return ""


def _registered(texts: pa.Array) -> pa.Array:
    hosts = pc.replace_substring_regex(pc.utf8_lower(pc.utf8_trim_whitespace(texts)), r"^(https?://)?(www\.)?([^/]*)/?$", r"\3")
    hosts = pc.if_else(pc.equal(texts, ""), "", hosts)
    simple = pc.or_(pc.equal(hosts, ""), pc.and_(pc.match_substring_regex(hosts, _HOST), _is_registered(hosts)))
    known = pc.and_(simple, pc.invert(pc.is_in(hosts, pa.array(sorted(FREE_MAIL)))))
    odd = pc.invert(known)
    repaired = pa.array([normal_domain(text) for text in texts.filter(odd).to_pylist()], pa.string())
    return pc.replace_with_mask(hosts, odd, repaired)


def _is_registered(hosts: pa.Array) -> pa.Array:
    """Whether a host is one label under a public suffix that needs no second look."""
    ending = pc.replace_substring_regex(hosts, r"^[^.]*\.?", "")
    return pc.and_(pc.is_in(ending, _plain_suffixes()), pc.invert(pc.is_in(hosts, _all_suffixes())))


@cache
def _plain_suffixes() -> pa.Array:
    """Suffixes below which no wildcard holds."""
    rules = public_suffixes()
    wild = {rule[2:] for rule in rules if rule.startswith("*.")}
    return pa.array(sorted(rule for rule in rules if rule[0] not in "*!" and rule not in wild))


@cache
def _all_suffixes() -> pa.Array:
    return pa.array(sorted(rule.lstrip("!*.") for rule in public_suffixes()))


def _followed(domains: pa.Array, redirects: Mapping[str, str]) -> pa.Array:
    return pa.array([_end(domain, redirects) if domain in redirects else domain for domain in domains.to_pylist()], pa.string())


def _end(domain: str, redirects: Mapping[str, str]) -> str:
    """Where a chain of redirects ends; a ring ends at its first name in the alphabet, from wherever it is entered."""
    seen = [domain]
    while (domain := redirects.get(domain, "")) and domain not in seen:
        seen.append(domain)
    return min(seen[seen.index(domain) :]) if domain else seen[-1]
