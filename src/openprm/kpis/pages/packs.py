"""The pack for the board: made, listed, downloaded; and what would be lost with one partner."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.deals.queries import base_currency
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money
from openprm.kpis import files, queries, services, wording
from openprm.kpis.pages.asking import COMPARED, asked_of, frame, pairs, query, viewer_of
from openprm.partners import queries as partners
from openprm.ui import format as formats
from openprm.ui.cells import Badge

STATES = {"pending": "info", "ready": "ok", "failed": "bad"}
MOST_ROWS = 20


def packs(request: Request) -> HttpResponse:
    """What was made, and one more of what the address asks for."""
    asked, problem = asked_of(request)
    words = {"pending": _("Being made"), "ready": _("Ready"), "failed": _("Not made")}
    rows = [
        (one, Badge(words[one.state], STATES[one.state]), wording.PERIODS[one.period], COMPARED.get(one.compare, one.compare), _sizes(one))
        for one in queries.packs(request.actor)
    ]
    waits = any(one.state == "pending" for one, *_more in rows)
    return page(request, "kpis/packs.html", rows=rows, waits=waits, hidden=pairs(asked), **frame(request, asked, problem))


def _sizes(one: queries.PackView) -> tuple[tuple[str, str, str, str], ...]:
    if one.state != "ready":
        return ()
    sizes = (("pdf", one.pdf_bytes, one.pdf_sha256), ("xlsx", one.xlsx_bytes, one.xlsx_sha256))
    return tuple((form.upper(), reverse("kpis:pack_file", args=[one.id, form]), f"{max(1, size // 1024)} kB", sha256) for form, size, sha256 in sizes)


def make_pack(request: Request) -> HttpResponse:
    asked, problem = asked_of(request, request.POST)
    if problem:
        raise Invalid(problem)
    pack_id = services.ask_for_pack(actor=request.actor, asked=asked, at=request.at)
    made = queries.get_pack(request.actor, pack_id)
    said = _("The pack is ready") if made.state == "ready" else _("The pack is being made. It appears here in a minute.")
    return done(request, reverse("kpis:packs") + query(asked), said)


def pack_file(request: Request, pack_id: UUID, form: str) -> HttpResponse:
    return files.kept_response(queries.open_pack(request.actor, pack_id, form))


def stress(request: Request) -> HttpResponse:
    """Revenue, pipeline, concentration and regions with and without one partner."""
    asked, problem = asked_of(request)
    held = queries.standing(request.actor, asked)
    names = dict(partners.partner_choices(request.actor))
    largest = sorted(held.revenue, key=lambda one: (-held.revenue[one], one))
    chosen = request.GET.get("without", "")
    chosen = chosen if chosen in held.partners | set(largest) else (largest[0] if largest else "")
    viewer, currency = viewer_of(request), base_currency()

    def money(minor: int) -> Money:
        return Money(minor, currency)

    def index(value: object) -> str:
        return wording.said(value, "index", "", viewer)  # type: ignore[arg-type]

    found = held.without(chosen) if chosen else None
    labels = {"revenue": _("Revenue won with partners"), "pipeline": _("Open pipeline")}
    whole = sum(held.revenue.values())
    rows = [
        (names.get(one, one), query(asked, without=one), money(held.revenue[one]), _share(held.revenue[one], whole, viewer), money(held.pipeline.get(one, 0)))
        for one in largest[:MOST_ROWS]
    ]
    return page(
        request,
        "kpis/stress.html",
        found=found,
        chosen=chosen,
        chosen_name=names.get(chosen, chosen),
        choices=[(one, names.get(one, one)) for one in [*largest, *sorted(held.partners - set(largest), key=lambda one: names.get(one, one))]],
        losses=[(labels[one.measure], money(one.before), money(one.after), money(one.before - one.after), _percent(one.share, viewer)) for one in found.losses]
        if found
        else (),
        hhi=(index(found.hhi_before), index(found.hhi_after)) if found else (),
        rows=rows,
        **frame(request, asked, problem),
    )


def _share(part: int, whole: int, viewer: formats.Viewer) -> str:
    return formats.percent(part / whole, viewer, digits=1, aligned=True) if whole > 0 else wording.DASH


def _percent(share: object, viewer: formats.Viewer) -> str:
    return wording.DASH if share is None else formats.percent(share / 100, viewer, digits=1, aligned=True)  # type: ignore[operator]
