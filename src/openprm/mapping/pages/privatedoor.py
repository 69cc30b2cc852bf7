"""Where the servers of peers bring their messages. The signature of a pinned key is the way in: no session, no cookie, nothing a browser could be made to do.

The addresses and answers are those of the stand-alone server (engine/psi/web.py), so either side may be one.
"""

from collections.abc import Callable

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from openprm.kernel.api.limits import Policy, charge
from openprm.kernel.errors import TooMany
from openprm.kernel.http import Request
from openprm.kernel.scope import system_scope
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.mailbox import Taken
from openprm.mapping.engine.psi.messages import LONGEST_START
from openprm.mapping.engine.psi.web import PIECE
from openprm.mapping.services import private

REQUESTS = Policy("private", 600)  # of one address in a minute: 600 MB of points


@csrf_exempt
def heads(request: Request) -> JsonResponse:
    """Take the signed head of a message: says how much of the message is here."""
    return _answered(request, LONGEST_START, lambda body: private.announce(start=body, at=request.at))


@csrf_exempt
def pieces(request: Request, name: str, offset: int) -> JsonResponse:
    """Take a piece of an announced message."""
    return _answered(request, PIECE, lambda body: private.append(name=name[:64], offset=offset, piece=body, at=request.at))


def _answered(request: Request, most: int, take: Callable[[bytes], Taken]) -> JsonResponse:
    try:
        charge(key=request.META.get("REMOTE_ADDR", ""), policy=REQUESTS, at=request.at)
        body = _body(request, most)
        with system_scope():
            taken = take(body)
    except TooMany as slow:
        return _said({"refused": slow.message}, 429, {"Retry-After": str(slow.retry_after)})
    except private.RefusedOf as why:
        with system_scope():
            private.note_refused(refused=why, at=request.at)
        return _said({"refused": str(why)} | ({"here": True} if why.is_here else {}), 409)
    except Refused as why:
        return _said({"refused": str(why)}, 409)
    return _said({"name": taken.name, "received": taken.received, "size": taken.size}, 200)


def _body(request: Request, most: int) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or not 0 < int(length) <= most:
        raise Refused(f"A request carries 1 to {most:,} bytes.")
    body = request.body
    if len(body) != int(length):
        raise Refused("The request was cut off.")
    return body


def _said(told: dict[str, object], status: int, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse(told, status=status, headers={"Cache-Control": "no-store", **(headers or {})})
