"""Sanctions lists in their published formats, read into one shape: OFAC, EU, UN and a plain table of one's own. Pure."""

from openprm.compliance.rules.sanctions.entries import MAX_BYTES, SOURCES, BadList, Entry, Parsed
from openprm.compliance.rules.sanctions.eu import read_eu
from openprm.compliance.rules.sanctions.ofac import read_ofac
from openprm.compliance.rules.sanctions.own import read_own
from openprm.compliance.rules.sanctions.un import read_un

__all__ = ["MAX_BYTES", "SOURCES", "BadList", "Entry", "Parsed", "read"]


def read(source: str, content: bytes, aliases: bytes = b"") -> Parsed:
    """The entries of a list file. `aliases` is OFAC's second file, ALT.CSV. Raises BadList."""
    if len(content) > MAX_BYTES or len(aliases) > MAX_BYTES:
        raise BadList("too_large", 0)
    if source == "ofac_sdn":
        return read_ofac(content, aliases)
    return {"eu": read_eu, "un": read_un, "own": read_own}[source](content)
