"""The API under /api/v1: the routers that domains contribute, in one NinjaAPI."""

from openprm.kernel.api.application import Api
from openprm.kernel.registry import registry

DESCRIPTION = """\
Everything the pages of OpenPRM do, for programs: the same services, the same rules, the same history.

**Sign in** with an API token: `Authorization: Bearer …`. A token acts as the person who made it, within its scopes.
**Lists** come newest first in pages: send `next_cursor` back as `cursor`.
**Writes** take an `Idempotency-Key`: the same key with the same body is answered once and replayed for 48 hours.
**Updates** need the `ETag` you read as `If-Match`; somebody else's change in between is answered with 412.
**Refusals** are problem documents (RFC 9457) with a stable `code` and the path of each wrong field.
**Limits** are told in every answer: `RateLimit` and `RateLimit-Policy`.
Money is a whole number of minor units beside its currency. Times are UTC, ISO 8601."""


def compose() -> Api:
    """The API of the installed domains."""
    made = Api(
        title="OpenPRM API", version="1.0", description=DESCRIPTION, openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}}
    )
    made.get_openapi_operation_id = lambda operation: operation.view_func.__name__  # type: ignore[method-assign]
    for wiring in registry.wirings:
        for prefix, router in wiring.routers.items():
            made.add_router(f"/{prefix}", router)
    return made


api = compose()
