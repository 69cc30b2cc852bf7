"""The public page: the charter and what else the vendor shows to anybody, with versions and hashes."""

from django.http import HttpResponse

from openprm.agreements import queries
from openprm.agreements.pages.common import send, shown
from openprm.agreements.wording import standing_badge
from openprm.kernel.actor import PUBLIC
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, page
from openprm.kernel.scope import scope


def charter(request: Request) -> HttpResponse:
    """The public documents; a single one is shown at once."""
    with scope(PUBLIC):
        lines = queries.published(PUBLIC, request.at)
    if not lines:
        raise NotFound()
    return document(request, lines[0].code) if len(lines) == 1 else page(request, "agreements/public/list.html", lines=lines)


def document(request: Request, code: str, number: int | None = None) -> HttpResponse:
    with scope(PUBLIC):
        found = queries.public_version(PUBLIC, code, number, request.at)
        history = queries.public_history(PUBLIC, code, request.at)
    return page(request, "agreements/public/document.html", **shown(found), history=[shown_line(line) for line in history])


def text(request: Request, code: str, number: int) -> HttpResponse:
    """The file whose SHA-256 the version has, for anybody to check."""
    with scope(PUBLIC):
        found = queries.public_version(PUBLIC, code, number, request.at)
        return send(queries.text_file(PUBLIC, found.id))


def shown_line(line: queries.VersionLine) -> dict:
    return {"line": line, "badge": standing_badge(line.standing)}
