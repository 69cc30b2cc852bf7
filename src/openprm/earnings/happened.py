"""What earnings keep of the past, for replaying a draft of a plan: the port "incentives.history"."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.earnings.models import SourceEvent
from openprm.incentives.rules.model import EarnEvent


class Happened:
    """Every event of a code that was written down, as it stands after its corrections."""

    def rows(self, *, code: str, partner_ids: Sequence[UUID], since: date, until: datetime) -> Iterable[Mapping[str, Any]]:
        kept = SourceEvent.objects.filter(code=code, partner__in=list(partner_ids), occurred_on__gte=since, occurred_on__lte=until.date())
        return (_row(EarnEvent.from_json(row.payload)) for row in kept.order_by("partner", "source_key", "-revision").distinct("partner", "source_key"))


def _row(event: EarnEvent) -> dict[str, Any]:
    amounts = {f"{name}_minor": money.minor for name in ("list", "net", "margin") if (money := getattr(event, name)) is not None}
    known = next((money for name in ("net", "list", "margin") if (money := getattr(event, name)) is not None), None)
    facts = {name: event.facts[name] for name in ("plan_id", "country", "channel") if event.facts.get(name)}
    return {
        "key": event.source_key, "code": event.code, "partner_id": str(event.partner_id), "occurred_on": event.occurred_on,
        "program_id": str(event.program_id) if event.program_id else None, "currency": known.currency if known else None,
        "product_lines": ",".join(map(str, event.product_lines)) or None, **amounts, **facts,
    }  # fmt: skip
