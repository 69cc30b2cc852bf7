"""Reading JSON bodies strictly: what cannot be read is refused with the place, before any schema looks at it."""

import json
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.parser import Parser

from openprm.kernel.api.problems import BadRequest, TooLarge, UnsupportedMediaType

JSON_LIMIT_BYTES = 1_000_000
MAX_DEPTH = 32


class StrictParser(Parser):
    """The parser of the API: it hands on what `read_json` has already read."""

    def parse_body(self, request: HttpRequest) -> Any:
        return request.api_json  # type: ignore[attr-defined]

    def parse_querydict(self, data: MultiValueDict, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        refuse_unstorable(list(data.lists()))
        return super().parse_querydict(data, list_fields, request)


def read_json(request: HttpRequest) -> Any:
    """The JSON value of the body. Raises UnsupportedMediaType, TooLarge or BadRequest."""
    if request.content_type != "application/json":
        raise UnsupportedMediaType(_("Send the body as JSON, with `Content-Type: application/json`."), code="json_only")
    refuse_oversize(request, JSON_LIMIT_BYTES)
    value = parse(_body(request))
    refuse_unstorable(value)
    return value


def refuse_unless_multipart(request: HttpRequest) -> None:
    if request.content_type != "multipart/form-data":
        raise UnsupportedMediaType(_("Send the file as multipart/form-data, in the field `file`."), code="multipart_only")


def refuse_oversize(request: HttpRequest, limit: int) -> None:
    size = request.headers.get("Content-Length") or "0"
    if not size.isdecimal() or int(size) > limit:
        raise TooLarge(_("The body is larger than %(limit)s bytes. Send less at once.") % {"limit": limit}, code="body_too_large")


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raise TooLarge(_("The body is larger than %(limit)s bytes. Send less at once.") % {"limit": limit}, code="body_too_large") from None


def parse(body: bytes) -> Any:
    """JSON as RFC 8259 has it: UTF-8, no NaN, no name twice in an object."""
    if not body:
        raise BadRequest(_("The body is empty. Send a JSON object."), code="malformed_json")
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except UnicodeDecodeError as error:
        raise BadRequest(_("The body is not UTF-8: look at byte %(place)s.") % {"place": error.start}, code="malformed_json") from None
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno, "what": error.msg}
        message = _("The body is not JSON: line %(line)s, column %(column)s: %(what)s.") % place
        raise BadRequest(message, code="malformed_json") from None
    except RecursionError:
        raise BadRequest(_("The JSON is nested too deep."), code="malformed_json") from None
    except ValueError:
        raise BadRequest(_("The body holds a number that is too long."), code="malformed_json") from None


def _refuse_constant(name: str) -> NoReturn:
    raise BadRequest(_("%(name)s is not JSON. Send a number or null.") % {"name": name}, code="malformed_json")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _value in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    raise BadRequest(_("The field “%(name)s” is there twice in one object.") % {"name": twice[:80]}, code="malformed_json")


def refuse_unstorable(value: Any, depth: int = 0) -> None:
    """Refuse text that no database column can hold (NUL, lone surrogates) and bottomless nesting."""
    if depth > MAX_DEPTH:
        raise BadRequest(_("The JSON is nested too deep."), code="malformed_json")
    if isinstance(value, str):
        _refuse_text(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_text(name)
            refuse_unstorable(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            refuse_unstorable(inner, depth + 1)


def _refuse_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadRequest(_("The request holds a character that cannot be stored (NUL or half of a pair)."), code="unstorable_text")
