"""Entity tags over row versions: what an update must quote so that it overwrites nobody."""

from django.http import HttpRequest

from openprm.kernel.api.problems import PreconditionRequired
from openprm.kernel.errors import Stale


def etag_of(version: int | str) -> str:
    """The strong entity tag of a version."""
    return f'"{version}"'


def require_match(request: HttpRequest, version: int | str) -> None:
    """Pass when If-Match names `version` or is `*`. Raises PreconditionRequired without the header, Stale on another version."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired(code="if_match_required")
    if given != "*" and etag_of(version) not in _tags(given):
        raise Stale(code="revision_mismatch")


def matched_version(request: HttpRequest) -> int | None:
    """The version number in If-Match, for a service that compares it under its lock; None for `*`.

    Raises PreconditionRequired without the header, Stale when it is no tag that we gave.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired(code="if_match_required")
    if given == "*":
        return None
    text = given.strip('"')
    if given != etag_of(text) or not text.isdecimal() or len(text) > 9:
        raise Stale(code="revision_mismatch")
    return int(text)


def is_fresh(request: HttpRequest, etag: str) -> bool:
    """Whether the caller's If-None-Match already holds this representation."""
    given = request.headers.get("If-None-Match", "").strip()
    return given == "*" or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in _tags(given)}


def _tags(header: str) -> set[str]:
    return {tag.strip() for tag in header.split(",") if tag.strip()}
