"""Two questions a load balancer asks: are you alive, and can you serve?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SERVICE_UNAVAILABLE = 503


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing else, so a slow database never gets a healthy process killed."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has the tables this version needs. Says no more than that to strangers."""
    try:
        missing = _missing_migrations()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "does not answer"}, status=SERVICE_UNAVAILABLE)
    if missing:
        detail = f"{missing} migrations to apply: run `openprm migrate`"
        return JsonResponse({"status": "unavailable", "database": detail}, status=SERVICE_UNAVAILABLE)
    return JsonResponse({"status": "ready", "database": "answers"})


_migrated = False  # once all are applied, this process only asks whether the database answers


def _missing_migrations() -> int:
    global _migrated
    if not _migrated:
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        _migrated = missing == 0
        return missing
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return 0
