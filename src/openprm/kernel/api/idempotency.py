"""Idempotent writes: a repeated `Idempotency-Key` replays the first answer instead of doing the work again.

The key is stored in the transaction of the change it protects, so there is never an answer without
its change or a change without its answer. A duplicate that arrives meanwhile waits on the unique
constraint: when the first commits it replays, when the first is refused it runs itself.
"""

import hashlib
import re
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.api.models import IdempotentAnswer
from openprm.kernel.api.problems import BadRequest
from openprm.kernel.db import value
from openprm.kernel.errors import Invalid

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_SOUND_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_CLAIM = """
insert into kernel_api_answer (user_id, key, route, body_sha256, headers, created_at)
values (%s, %s, %s, %s, '{}', now()) on conflict (user_id, key) do nothing returning id
"""


class IdempotencyKeyReused(Invalid):
    def default_message(self) -> str:
        return _("This Idempotency-Key was already used for another request. Make a new key for each new request.")


def key_of(request: HttpRequest) -> str | None:
    """The caller's key, or None. Raises BadRequest for one that cannot be kept."""
    key = request.headers.get(HEADER)
    if key is not None and not _SOUND_KEY.fullmatch(key):
        raise BadRequest(_("An Idempotency-Key is 1 to 255 visible ASCII characters, for example a UUID."), code="bad_idempotency_key")
    return key


def answer_once(request: HttpRequest, *, user_id: UUID, key: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run under a claimed key and keep the answer, or replay the kept one. Raises IdempotencyKeyReused.

    Needs the transaction that `run` writes in; the caller rolls it back when the answer is a refusal.
    """
    route, digest = f"{request.method} {request.path}"[:300], fingerprint(request)
    claimed = value(_CLAIM, [user_id, key, route, digest])
    if claimed is None:
        return _replay(user_id=user_id, key=key, route=route, digest=digest)
    response = run()
    IdempotentAnswer.objects.filter(pk=claimed).update(
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
        body=response.content,
    )
    return response


def fingerprint(request: HttpRequest) -> bytes:
    """A digest of what was asked: the query and the body."""
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    return hashlib.sha256(query + b"\0" + _content(request)).digest()


def _content(request: HttpRequest) -> bytes:
    if request.content_type != "multipart/form-data":
        return request.body
    digest = hashlib.sha256(repr(sorted(request.POST.lists())).encode())
    for name, file in sorted(request.FILES.items()):
        digest.update(f"{name}\0{file.name}\0".encode())
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
    return digest.digest()


def _replay(*, user_id: UUID, key: str, route: str, digest: bytes) -> HttpResponse:
    kept = IdempotentAnswer.objects.get(user_id=user_id, key=key)
    if kept.route != route or bytes(kept.body_sha256) != digest:
        raise IdempotencyKeyReused(code="idempotency_key_reused")
    response = HttpResponse(bytes(kept.body or b""), status=kept.status, headers=kept.headers)
    response["Idempotent-Replayed"] = "true"
    return response
