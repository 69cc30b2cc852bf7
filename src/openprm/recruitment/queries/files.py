"""What imports need to find and compare."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from openprm.kernel.actor import Actor
from openprm.recruitment import policies
from openprm.recruitment.queries.facts import facts_of
from openprm.recruitment.rules.facts import written_words


def prospects_by(actor: Actor, *, domains: Sequence[str], names: Sequence[str]) -> dict[str, UUID]:
    """Prospects by domain and by casefolded name; a name that two have is left out."""
    wanted = [name.casefold() for name in names if name]
    rows = policies.reach(actor).annotate(low=Lower("company__name"))
    rows = rows.filter(Q(company__domain__in=[one for one in domains if one]) | Q(low__in=wanted))
    found: dict[str, UUID] = {}
    doubled: set[str] = set()
    for pk, domain, low in rows.order_by("pk").values_list("pk", "company__domain", "low"):
        if domain:
            found[domain] = pk
        doubled |= {low} if low in found else set()
        found.setdefault(low, pk)
    return {key: pk for key, pk in found.items() if key not in doubled}


def prospect_values(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The present values of prospects in the words of the import."""
    rows = list(policies.reach(actor).filter(pk__in=list(ids)).select_related("company").prefetch_related("company__contacts"))
    known = facts_of([row.company_id for row in rows])
    return {row.pk: {**_steered(row), **_known(known[row.company_id])} for row in rows}


def _steered(row: Any) -> dict[str, Any]:
    main = next((one for one in row.company.contacts.all() if one.is_main), None)
    return {
        "name": row.company.name, "domain": row.company.domain, "country": row.company.country, "source": row.source, "next_step": row.next_step,
        "next_step_date": row.next_step_date, "contact_name": main.name if main else "", "contact_email": main.email if main else "",
    }  # fmt: skip


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: written_words(value) if isinstance(value, tuple) else value for name, value in facts.items() if name != "country"}


def signals_like(actor: Actor, asked: Sequence[tuple[str, str, str, str, str, datetime]]) -> list[UUID | None]:
    """The stored signal that says the same of the same company, for each (domain, name, kind, value, source, day)."""
    rows = policies.reach_signals(actor).filter(source__in={one[4] for one in asked}, value__in={one[3] for one in asked})
    found: dict[tuple[Any, ...], UUID] = {}
    columns = ("pk", "company__domain", "company__name", "kind", "value", "source", "observed_at")
    for pk, domain, name, kind, value, source, observed in rows.values_list(*columns):
        for who in (domain, name.casefold()):
            found[(who, kind, value, source, observed.date())] = pk
    return [found.get((one[0] or one[1].casefold(), *one[2:5], one[5].date())) for one in asked]


def signal_values(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = policies.reach_signals(actor).filter(pk__in=list(ids)).select_related("company")
    return {
        row.pk: {
            "domain": row.company.domain, "company": row.company.name, "kind": row.kind, "value": row.value, "source": row.source,
            "observed_at": row.observed_at.date(), "confidence": row.confidence,
        }
        for row in rows
    }  # fmt: skip
