"""The ideal partner profile: the editor with its live preview, and the versions before."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.http import Request, done, page
from openprm.recruitment import queries, services
from openprm.recruitment.pages.common import frame
from openprm.recruitment.pages.forms import criteria_lines, rule_choices, value_text

SPARE_ROWS = 2


def profiles(request: Request) -> HttpResponse:
    return page(request, "recruitment/vendor/profiles.html", programs=queries.profiles(request.actor), **frame(request, "profile"))


def profile(request: Request, program_id: UUID) -> HttpResponse:
    """The editor of one program's profile. Somebody who may not configure sees what is in force."""
    found = queries.profiles_of(request.actor, program_id)
    if request.method == "POST":
        return _changed(request, found)
    shown = found.draft or found.in_force
    return _page(request, found, rows_of(shown), criteria=shown.criteria if shown else ())


def _changed(request: Request, found: queries.ProgramProfiles) -> HttpResponse:
    do, lines = request.POST.get("do", "save"), criteria_lines(request.POST)
    url = reverse("recruitment:profile", args=[found.program_id])
    if do == "discard":
        services.discard_draft(actor=request.actor, program_id=found.program_id, at=request.at)
        return done(request, url, _("Draft discarded"))
    if do == "add":
        return _page(request, found, typed_rows(request, lines, {}, spare=SPARE_ROWS + 2), note=request.POST.get("note", ""))
    try:
        version = request.POST.get("version", "")
        services.save_draft(
            actor=request.actor, program_id=found.program_id, criteria=[_plain(line) for line in lines], note=request.POST.get("note", ""), at=request.at,
            version=int(version) if version.isdigit() and found.draft else None,
        )  # fmt: skip
        if do != "publish":
            return done(request, url, _("Draft saved"), _("Nothing changes for anybody until you publish it."))
        services.publish_profile(actor=request.actor, program_id=found.program_id, at=request.at)
    except (Invalid, Conflict, Stale) as refusal:
        return _page(
            request, found, typed_rows(request, lines, _by_row(lines, refusal)), refusal=refusal, status=refusal.status, note=request.POST.get("note", "")
        )
    return done(request, url, _("In force"), _("All companies are scored anew in the background."))


def preview(request: Request, program_id: UUID) -> HttpResponse:
    """Who would score how by what stands in the editor now; nothing is kept."""
    lines = criteria_lines(request.POST)
    try:
        criteria = services.read_criteria([_plain(line) for line in lines])
        found = queries.preview(request.actor, program_id=program_id, criteria=criteria, at=request.at)
        problems: list[str] = []
    except Invalid as refusal:
        found, problems = None, [_("Line %(number)d: %(text)s") % {"number": _line(one.field), "text": one.message} for one in refusal.problems]
    response = page(request, "recruitment/parts/preview.html", preview=found, problems=problems)
    response["Cache-Control"] = "no-store"
    return response


def _line(field: str) -> int:
    digits = "".join(letter for letter in field.partition("]")[0] if letter.isdigit())
    return int(digits) + 1 if digits else 0


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "row"}


def _by_row(lines: list[dict[str, Any]], refusal: Any) -> dict[int, str]:
    """The problem of each line, by the row it was typed in."""
    return {lines[place]["row"]: one.message for one in refusal.problems if 0 <= (place := _line(one.field) - 1) < len(lines)}


def _page(request: Request, found: queries.ProgramProfiles, rows: list[dict[str, Any]], **values: Any) -> HttpResponse:
    criteria = values.pop("criteria", None)
    shown = queries.preview(request.actor, program_id=found.program_id, criteria=criteria, at=request.at) if criteria else None
    return page(
        request,
        "recruitment/vendor/profile.html",
        found=found,
        rows=rows,
        rules=rule_choices(),
        preview=shown,
        problems=[],
        note=values.pop("note", found.draft.note if found.draft else ""),
        refusal=values.pop("refusal", None),
        status=values.pop("status", 200),
        **frame(request, "profile"),
    )


def rows_of(shown: queries.ProfileView | None) -> list[dict[str, Any]]:
    """The lines of the editor for a stored profile, with empty ones to fill in."""
    criteria = shown.criteria if shown else ()
    filled = [
        {"rule": f"{one.fact}:{one.operator}", "value": value_text(one.fact, one.operator, one.value), "weight": one.weight, "error": ""} for one in criteria
    ]
    return _numbered(filled, SPARE_ROWS if filled else 4)


def typed_rows(request: Request, lines: list[dict[str, Any]], errors: dict[int, str], *, spare: int = SPARE_ROWS) -> list[dict[str, Any]]:
    """The lines as they were typed, each with its problem."""
    filled = [
        {
            "rule": request.POST.get(f"c{line['row']}-rule", ""),
            "value": request.POST.get(f"c{line['row']}-value", ""),
            "weight": request.POST.get(f"c{line['row']}-weight", ""),
            "error": errors.get(line["row"], ""),
        }
        for line in lines
    ]
    return _numbered(filled, spare)


def _numbered(filled: list[dict[str, Any]], spare: int) -> list[dict[str, Any]]:
    empty = [{"rule": "", "value": "", "weight": 10, "error": ""} for _number in range(spare)]
    return [{**row, "key": f"c{number}", "number": number + 1} for number, row in enumerate([*filled, *empty])]
