"""Rows of the pages: what the queries found, in words and with addresses."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.mapping import queries, wording
from openprm.mapping.rules.filters import Suggestion
from openprm.mapping.rules.scores import Score
from openprm.mapping.rules.sharing import PRESETS


def plain(value: Any) -> dict[str, Any]:
    return asdict(value)


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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


def special(viewer_id: UUID, terms: queries.TermsView, name: str) -> dict[str, Any]:
    return {"id": viewer_id, "name": name, "level": wording.LEVEL[terms.level], "purpose": wording.PURPOSE[terms.purpose]}


def suggestion(one: Suggestion) -> dict[str, Any]:
    said = _("%(count)d of your %(total)d companies are in %(value)s. A list of them alone lets you show one market and keep the rest.")
    return {"value": one.value, "column": one.column, "why": said % {"count": one.count, "total": one.total, "value": one.value}}


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


def grant_row(one: queries.GrantView) -> dict[str, Any]:
    return {
        "name": one.population,
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
        "kind": wording.KIND[one.kind],
        "level": wording.LEVEL[one.level],
        "purpose": wording.PURPOSE[one.purpose],
        "message": one.message,
        "answer": one.answer,
        "state": wording.ASK[one.state],
        "at": one.created_at,
        "answer_url": answer_url,
        "withdraw_url": withdraw_url,
    }


def overlap_row(one: queries.Overlap, decide_url: str, undo_url: str) -> dict[str, Any]:
    reasons = [str(wording.MATCHED_ON.get(word, word)) for word in one.matched_on]
    return {
        "one": one,
        "reasons": ", ".join(reasons),
        "state": wording.STATE[one.state],
        "is_split": one.state == "split",
        "decide_url": decide_url,
        "undo_url": undo_url,
    }


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
