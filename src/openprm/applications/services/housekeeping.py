"""What is done without anybody asking: counting visitors, forgetting what was never sent."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings

from openprm.applications import rules
from openprm.applications.models import Application, Visit
from openprm.applications.rules import EDITABLE
from openprm.kernel.scope import system_scope

AT_ONCE = 500


def count_visit(*, program_id: UUID, source: str, network_address: str, browser: str, at: datetime) -> None:
    """Count a visitor of a program's page, once a day. Neither address nor browser is kept: only a hash that differs every day."""
    with system_scope():
        row = Visit(program_id=program_id, day=at.date(), source=source[:60], visitor=_visitor(program_id, network_address, browser, at))
        Visit.objects.bulk_create([row], ignore_conflicts=True)


def _visitor(program_id: UUID, network_address: str, browser: str, at: datetime) -> str:
    told = f"{at.date()}|{program_id}|{network_address}|{browser[:300]}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()[:32]


def forget_unfinished(*, at: datetime) -> int:
    """Delete applications that were begun and never sent within a month, with all that was typed; gives how many."""
    old = Application.objects.filter(state__in=EDITABLE, updated_at__lt=at - rules.DRAFT_LASTS)
    ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
    Application.objects.filter(pk__in=ids).delete()
    return len(ids)
