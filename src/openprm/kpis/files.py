"""Packs as answers to a browser or a program."""

import base64
import hashlib
from datetime import date

from django.http import HttpResponse

from openprm.kpis.queries import FORMS, PackFile
from openprm.kpis.services.packs import Drawn


def pack_response(drawn: Drawn, form: str, as_of: date | None) -> HttpResponse:
    """A pack that was drawn now."""
    content = drawn.pdf if form == "pdf" else drawn.xlsx
    name = f"program-{as_of.isoformat()}.{form}" if as_of else f"program.{form}"
    return _file(name, FORMS[form], content, drawn.fingerprint)


def kept_response(file: PackFile) -> HttpResponse:
    """A file as it was kept."""
    return _file(file.name, file.content_type, file.content, file.fingerprint)


def _file(name: str, content_type: str, content: bytes, fingerprint: str) -> HttpResponse:
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Digest": f"sha-256=:{digest}:",
        "X-Fingerprint": fingerprint,
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
