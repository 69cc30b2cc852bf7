"""The NinjaAPI of OpenPRM: every operation guarded, every answer JSON, also for addresses that do not exist."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import DocsBase
from ninja.operation import Operation

from openprm.kernel.api import answers, openapi, reference
from openprm.kernel.api.bodies import StrictParser
from openprm.kernel.api.pipeline import guarded
from openprm.kernel.api.problems import BadRequest, MethodNotAllowed
from openprm.kernel.errors import NotFound, Refusal


class ReferencePage(DocsBase):
    """The reference as a page of our own kit, since the content policy lets no foreign script in."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        return reference.page(request, api.get_openapi_schema())


class Api(NinjaAPI):
    """Compose with `add_router`, then mount `urls`."""

    def __init__(self, **kwargs: Any):
        super().__init__(parser=StrictParser(), docs=ReferencePage(), urls_namespace="api", **kwargs)
        self._schemas: dict[str, dict[str, Any]] = {}
        self._handle()

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        for operation in self.operations():
            operation.run = guarded(operation, operation.run)  # type: ignore[method-assign]
        patterns, app, namespace = super().urls
        for pattern in patterns:
            pattern.callback = _answered(pattern.callback)
        return [*patterns, _nothing_here()], app, namespace

    def operations(self) -> Iterator[Operation]:
        """Every operation, with its own tags, in the order of the routers."""
        for bound in self._get_bound_routers():
            for view in bound.path_operations.values():
                yield from view.operations

    def get_openapi_schema(self, **kwargs: Any) -> dict[str, Any]:
        """Made once for each address prefix: it takes seconds, and the operations of a process never change. Not to be changed by who reads it."""
        key = json.dumps(kwargs, sort_keys=True, default=str)
        if key not in self._schemas:
            self._schemas[key] = openapi.completed(super().get_openapi_schema(**kwargs), self.operations())
        return self._schemas[key]

    def _handle(self) -> None:
        self.add_exception_handler(Refusal, answers.refused)
        self.add_exception_handler(ValidationError, lambda request, error: answers.invalid(request, error.errors))
        self.add_exception_handler(Http404, lambda request, error: answers.refused(request, NotFound()))
        self.add_exception_handler(HttpError, _http_error)
        self.add_exception_handler(Exception, _raise)


def _raise(request: HttpRequest, error: Exception) -> HttpResponse:
    """A defect rises to the pipeline, which rolls the scope back and logs it."""
    raise error


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answers.problem(request, status=error.status_code, code="bad_request", detail=str(error))


def _answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of one address: it knows its request's id, and refuses a wrong method in JSON."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.request_id = structlog.contextvars.get_contextvars().get("request_id", "")  # type: ignore[attr-defined]
        if "\x00" in request.path:
            return answers.refused(request, BadRequest(_("The address holds a NUL character."), code="unstorable_text"))
        response = view(request, *args, **kwargs)
        return _method_refused(request, response) if response.status_code == 405 else response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # sessions are checked by access.caller, tokens need none
    return answer


def _method_refused(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    allowed = [method.strip() for method in response.get("Allow", "").split(",")]
    refusal = MethodNotAllowed(_("This address takes %(methods)s.") % {"methods": ", ".join(sorted(allowed))})
    refusal.allowed = allowed  # type: ignore[attr-defined]
    return answers.refused(request, refusal)


def _nothing_here() -> URLPattern:
    def missing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        detail = _("There is no such address in the API. See /api/v1/docs for those that are.")
        return answers.problem(request, status=404, code="no_such_address", detail=detail)

    return re_path(r"^.*$", _answered(missing), name="missing")
