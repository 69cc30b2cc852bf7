"""Rows of the pages: what the queries found, in words and with addresses."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.money import Money
from openprm.mapping import queries, wording
from openprm.mapping.rules.filters import Filter, Suggestion, read_filter
from openprm.mapping.rules.scores import Given, Reciprocity, Score, reciprocity
from openprm.mapping.rules.sharing import PRESETS
from openprm.ui.cells import Badge, Company


def plain(value: Any) -> dict[str, Any]:
    return asdict(value)


def list_row(one: queries.ListView, url: str) -> dict[str, Any]:
    level = one.general.level if one.general else "hidden"
    return {
        "name": one.name,
        "kind": wording.KIND[one.kind],
        "source": wording.SOURCE[one.source],
        "is_file": one.source == "upload",
        "is_records": one.source == "records",
        "rows": one.row_count,
        "refreshed_at": one.refreshed_at,
        "level": wording.LEVEL[level],
        "is_hidden": level == "hidden" and not one.special,
        "special_count": len(one.special),
        "url": url,
    }


def connection_row(one: queries.ConnectionView, url: str) -> dict[str, Any]:
    waits = _("We have not agreed") if one.they_agreed else _("They have not agreed")
    return {"name": one.other, "is_live": one.is_live, "state": _("Compared") if one.is_live else waits, "since": one.since, "url": url}


def terms_initial(terms: queries.TermsView | None) -> dict[str, Any]:
    if terms is None:
        return {"level": "hidden", "days": 365}
    preset = next((name for name, fields in PRESETS.items() if set(fields) == set(terms.fields)), "names")
    return {"level": terms.level, "preset": preset, "purpose": terms.purpose, "days": terms.days}


def special(viewer_id: UUID, terms: queries.TermsView, name: str, forget_url: str) -> dict[str, Any]:
    return {"id": viewer_id, "forget_url": forget_url, "name": name, "level": wording.LEVEL[terms.level], "purpose": wording.PURPOSE[terms.purpose]}


SUGGESTED = {
    "countries": gettext_lazy("%(count)d of your %(total)d companies are in %(value)s. A list of them alone lets you show one market and keep the rest."),
    "industries": gettext_lazy("%(count)d of your %(total)d companies are in the industry “%(value)s”: the ones a partner of that trade would know."),
    "owners": gettext_lazy("%(value)s looks after %(count)d of your %(total)d companies. A list of them lets one person work with a partner."),
    "programs": gettext_lazy("%(count)d of your %(total)d companies have an open deal in %(value)s. A list of them fits a partner of that program."),
    "stages": gettext_lazy("%(count)d of your %(total)d companies have a deal in the stage “%(value)s”: where a partner could help now."),
}


def suggestion(one: Suggestion, kind: str, url: str) -> dict[str, Any]:
    told = {"count": one.count, "total": one.total, "value": one.value}
    asked = urlencode({"kind": kind, "source": "records", "name": one.value[:100], one.column: one.value})
    return {"value": one.value, "column": one.column, "why": SUGGESTED[one.column] % told, "url": f"{url}?{asked}"}


FILTER_WORDS = {
    "countries": gettext_lazy("in %(value)s"),
    "industries": gettext_lazy("industry %(value)s"),
    "owners": gettext_lazy("looked after by %(value)s"),
    "programs": gettext_lazy("open deals in %(value)s"),
    "stages": gettext_lazy("open deals in the stage %(value)s"),
    "least_minor": gettext_lazy("open deals of at least %(value)s"),
    "most_minor": gettext_lazy("open deals of at most %(value)s"),
    "closes_from": gettext_lazy("expected to close from %(value)s"),
    "closes_until": gettext_lazy("expected to close until %(value)s"),
    "won_from": gettext_lazy("last won from %(value)s"),
    "won_until": gettext_lazy("last won until %(value)s"),
}


def filter_words(wanted: Filter) -> list[str]:
    """What a filter asks, one sentence each."""
    found = []
    for name, said in FILTER_WORDS.items():
        value = getattr(wanted, name)
        if isinstance(value, tuple):
            value = ", ".join(value)
        elif name.endswith("_minor") and value:
            value = f"{Money(value, wanted.currency).major} {wanted.currency}"
        if value:
            found.append(said % {"value": value})
    return found


def filter_initial(one: queries.ListView) -> dict[str, Any]:
    """What the form begins with for a list that is there."""
    wanted = read_filter(one.filter)
    days = {name: getattr(wanted, name) for name in ("closes_from", "closes_until", "won_from", "won_until")}
    lists = {name: list(getattr(wanted, name)) for name in ("industries", "owners", "programs", "stages")}
    amounts = {name: str(Money(minor, wanted.currency).major) if minor else "" for name, minor in (("least", wanted.least_minor), ("most", wanted.most_minor))}
    return {"name": one.name, "version": one.version, "countries": ", ".join(wanted.countries), "currency": wanted.currency} | days | lists | amounts


def matrix_row(row: queries.MatrixRow, url: Callable[[queries.Cell], str]) -> dict[str, Any]:
    cells = [{"count": cell.count, "heat": cell.heat, "url": url(cell) if cell.opens else "", "few": cell.count is None} for cell in row.cells]
    return {"name": row.list.name, "rows": row.list.row_count, "cells": cells}


def shown_row(one: queries.Shown, url: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": wording.KIND[one.kind],
        "rows": one.row_count,
        "level": wording.LEVEL[one.level],
        "purpose": wording.PURPOSE[one.purpose],
        "expires_at": one.expires_at,
        "fields": [wording.FIELDS[name] for name in one.fields],
        "url": url if one.level == "all" else "",
    }


def grant_row(one: queries.GrantView, url: str) -> dict[str, Any]:
    return {
        "url": url,
        "other": one.other,
        "granted_at": one.granted_at,
        "ended_at": one.revoked_at or (None if one.is_live else one.expires_at),
        "why": wording.ENDED.get(one.end_reason, ""),
        "by": one.ended_by,
        "looks": one.look_count,
        "seen": one.rows_seen,
        "name": one.population or _("A list that is not shown any more"),
        "level": wording.LEVEL[one.level],
        "purpose": wording.PURPOSE[one.purpose],
        "fields": [wording.FIELDS[name] for name in one.fields],
        "expires_at": one.expires_at,
    }


def look_row(one: queries.LookView) -> dict[str, Any]:
    return {"at": one.at, "person": one.person, "viewer": one.viewer, "list": one.population, "what": wording.LOOK[one.what], "rows": one.rows}


def ask_row(one: queries.AskView, answer_url: str, withdraw_url: str) -> dict[str, Any]:
    return {
        "is_mine": one.is_mine,
        "is_open": one.state == "open",
        "who": one.person,
        "other": one.other,
        "kind": one.population or wording.KIND[one.kind],
        "level_code": one.level,
        "list_id": one.population_id,
        "levels": [(code, wording.LEVEL[code]) for code in ("counts", "overlaps", "all")],
        "fields": [wording.FIELDS[name] for name in one.fields],
        "level": wording.LEVEL[one.level],
        "purpose": wording.PURPOSE[one.purpose],
        "message": one.message,
        "answer": one.answer,
        "state": wording.ASK[one.state],
        "at": one.created_at,
        "answer_url": answer_url,
        "withdraw_url": withdraw_url,
    }


def reasons(one: queries.Overlap) -> list[str]:
    return [str(wording.MATCHED_ON.get(word, word)) for word in one.matched_on]


def state_badge(state: str) -> Badge:
    return Badge(wording.STATE[state], {"confirmed": "ok", "split": "bad"}.get(state, "info"))


def sums(one: queries.CompanyView) -> tuple[Money, ...]:
    """The open deals of a company, by currency."""
    found: dict[str, int] = {}
    for money in one.deals:
        found[money.currency] = found.get(money.currency, 0) + money.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(found.items()))


def amounts(one: queries.CompanyView) -> str:
    return "; ".join(f"{money.major:,} {money.currency}" for money in sums(one))


def company(name: str) -> Company | None:
    return Company(name) if name else None


def side_by_side(one: queries.Overlap) -> list[dict[str, Any]]:
    """What both rows say, line by line, and whether they say the same."""
    lines = [
        (_("Name"), one.mine.name, one.theirs.name),
        (_("Domain"), one.mine.domain, one.theirs.domain),
        (_("Country"), one.mine.country, one.theirs.country),
        (_("City"), one.mine.city, one.theirs.city),
        *((str(wording.IDENTIFIER.get(name, name)), one.mine.identifiers.get(name, ""), one.theirs.identifiers.get(name, "")) for name in wording.IDENTIFIER),
        (_("Open deals"), amounts(one.mine), amounts(one.theirs)),
        (_("Owner"), one.mine.people.get("owner", ""), one.theirs.people.get("owner", "")),
    ]
    return [
        {"label": label, "mine": mine, "theirs": theirs, "same": bool(mine) and mine.casefold() == theirs.casefold()}
        for label, mine, theirs in lines
        if mine or theirs
    ]


def word_row(one: queries.WordView) -> dict[str, Any]:
    return {
        "said": wording.STATE["confirmed" if one.is_same else "split"],
        "who": one.person,
        "at": one.decided_at,
        "note": one.note,
        "undone_at": one.undone_at,
    }


def target_row(one: queries.TargetView, url: str) -> dict[str, Any]:
    return {"name": one.name, "place": ", ".join(filter(None, (one.city, one.country))), "kind": wording.TARGET[one.kind], "at": one.chosen_at, "url": url}


def heat_row(one: queries.HeatRow, url: str) -> dict[str, Any]:
    cells = [{"count": count, "heat": heat, "few": count is None} for count, heat in zip(one.counts, one.heats, strict=True)]
    return {"name": one.partner, "url": url, "cells": cells, "ratio": ratio(one.balance)}


def ratio(found: Reciprocity) -> str:
    """What they show for each 100 that we show: by value where both tell values, else by companies."""
    best = found.by_value if found.by_value is not None else found.by_companies
    return "" if best is None else f"{best}"


def balance_words(found: Reciprocity) -> dict[str, Any]:
    """Both directions: companies, the value of the open deals told with them, and what each side gets for 100 that it gives."""
    back = reciprocity(found.got, found.given)
    sides = [
        {"who": _("We show"), "companies": found.given.companies, "values": _values(found.given), "ratio": ratio(back)},
        {"who": _("They show"), "companies": found.got.companies, "values": _values(found.got), "ratio": ratio(found)},
    ]
    return {"sides": sides, "by_value": found.by_value is not None, "currency": found.currency}


def _values(given: Given) -> list[Money]:
    return [Money(minor, currency) for currency, minor in sorted(given.values.items(), key=lambda one: -one[1])]


def score_words(found: Score | None) -> dict[str, Any] | None:
    """The grade, and why; for Unknown, what is missing."""
    if found is None:
        return None
    if found.missing:
        why = _("%(won)d deals were won at its customers in the last year; %(missing)d more are needed before this says something.")
        return {"grade": wording.GRADE[found.grade], "why": why % {"won": found.evidence.won_here, "missing": found.missing}}
    why = _("%(here)s %% of the deals at its customers were won, %(elsewhere)s %% elsewhere; %(share)s %% of the open companies are its customers.")
    told = {"here": found.rate_here, "elsewhere": found.rate_elsewhere or 0, "share": found.share_open or 0}
    return {"grade": wording.GRADE[found.grade], "why": why % told}
