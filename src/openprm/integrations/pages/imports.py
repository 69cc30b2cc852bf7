"""The way of an import: upload, columns, trial, run, report, undo."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.integrations import queries, services, words
from openprm.integrations.imports.reading import UnsureEncoding, spool
from openprm.integrations.pages.forms import ColumnsForm, UploadForm
from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, done, page, redirect
from openprm.kernel.ids import parse_id
from openprm.ui import exports, lists
from openprm.ui.cells import Badge
from openprm.ui.fields import add_problems
from openprm.ui.listspec import Column, Filter, ListSpec

SPEC = ListSpec(
    key="integrations.imports",
    default_sort="-created_at",
    columns=(
        Column("name", gettext_lazy("File"), "title", sortable=True, always=True),
        Column("entity", gettext_lazy("Rows are")),
        Column("status", gettext_lazy("Status"), "badge", value=lambda row: _badge(row.status)),
        Column("rows", gettext_lazy("Rows"), "number"),
        Column("created", gettext_lazy("Created"), "number"),
        Column("changed", gettext_lazy("Changed"), "number"),
        Column("refused", gettext_lazy("Refused"), "number"),
        Column("started_by", gettext_lazy("By"), "person"),
        Column("created_at", gettext_lazy("When"), "datetime", sortable=True),
    ),
    filters=(Filter("status", gettext_lazy("Status"), choices=tuple((code, label) for code, (label, _tone) in words.STATUS.items())),),
    exports=False,
)
ROWS = ListSpec(
    key="integrations.results",
    default_sort="position",
    columns=(
        Column("row", gettext_lazy("Row"), "number", always=True),
        Column("file", gettext_lazy("File"), default=False),
        Column("label", gettext_lazy("Name"), "title"),
        Column("action", gettext_lazy("What happens"), "badge", value=lambda row: Badge(*words.ACTION[row.action])),
        Column("changes", gettext_lazy("Values"), value=lambda row: words.changes(row.changes)),
        Column("notes", gettext_lazy("Notes"), value=lambda row: "; ".join(row.notes)),
        Column("position", gettext_lazy("Order"), "number", sortable=True, default=False, value=lambda row: row.row),
    ),
    filters=(
        Filter("action", gettext_lazy("What happens"), choices=tuple((code, label) for code, (label, _tone) in words.ACTION.items())),
        Filter("noted", gettext_lazy("Has a note"), "bool"),
    ),
    page_size=50,
)


def list_imports(request: Request) -> HttpResponse:
    """What was imported, and what can be exported."""
    state = lists.parse(request, SPEC)
    found = queries.imports(request.actor, state.page, statuses=state.filters.get("status", ()))
    empty = lists.Empty(
        title=_("Nothing was imported yet"), text=_("Bring lists from a CSV or XLSX file. You see first what will happen."),
        action=_("Import a file"), url=reverse("integrations:new_import"),
    )  # fmt: skip
    return lists.render(
        request, "integrations/imports.html", state, found.map(_Linked), empty=empty, title=_("Import and export"),
        summary=_("Files that came in. Each can be taken back as long as nobody worked on its rows."), export_entities=queries.export_entities(request.actor),
    )  # fmt: skip


def new_import(request: Request) -> HttpResponse:
    """Upload a file; its headings are matched with the fields, or a saved mapping is taken."""
    form = UploadForm(request.POST or None, request.FILES or None, entities=queries.entities(request.actor), saved=queries.saved_mappings(request.actor))
    if request.method == "POST":
        if request.META.get("openprm.upload_too_large"):
            form.errors.pop("file", None)
            form.add_error("file", _("This file is larger than an import takes. Split it into several files."))
        elif form.is_valid() and (import_id := _staged(request, form)):
            return redirect(request, reverse("integrations:columns", args=[import_id]))
    return page(request, "integrations/new.html", form=form, status=422 if form.is_bound else 200)


def choose_columns(request: Request, import_id: UUID) -> HttpResponse:
    """Say which column feeds which field; then the import is tried."""
    found = queries.import_view(request.actor, import_id)
    if len(found.files) != 1 or found.status in ("done", "undone"):
        return redirect(request, _url(import_id))
    entity = next(one for one in queries.entities(request.actor) if one.entity == found.files[0].entity)
    initial = {"skip_bad_rows": found.skip_bad_rows}
    unsure = bool(found.message) and found.status == "staged"
    form = ColumnsForm(
        request.POST or None, initial=initial, entity=entity, file=found.files[0], mapping=queries.mapping_of(request.actor, import_id), unsure=unsure
    )
    if request.method == "POST" and form.is_valid() and _mapped(request, import_id, form):
        return redirect(request, _url(import_id))
    sample = queries.sample(request.actor, import_id)
    rows = [(bound, sample.get(bound.label, ())) for bound in form.columns]
    return page(request, "integrations/columns.html", form=form, found=found, rows=rows, unsure=unsure, status=422 if form.is_bound else 200)


def show_import(request: Request, import_id: UUID) -> HttpResponse:
    """What a trial or the run found, and the next step. While it works, the page asks again every second."""
    found = queries.import_view(request.actor, import_id)
    context: dict[str, Any] = {
        "found": found,
        "badge": _badge(found.status),
        "progress": queries.progress(request.actor, import_id) if found.is_working else None,
    }
    if request.htmx and request.headers.get("HX-Target") == "import-state":
        return page(request, "integrations/_state.html", **context, **_report(found))
    return page(request, "integrations/import.html", **context, **_report(found))


def show_rows(request: Request, import_id: UUID) -> HttpResponse:
    """The report per row, to filter and to export."""
    found = queries.import_view(request.actor, import_id)
    state = lists.parse(request, ROWS)
    actions, noted = state.filters.get("action", ()), state.filters.get("noted")
    if state.export:
        rows = queries.all_results(request.actor, import_id, actions=actions, noted=noted)
        return exports.respond(request, state, rows, name=f"import-{found.name}")
    rows = queries.results(request.actor, import_id, state.page, actions=actions, noted=noted)
    return lists.render(request, "integrations/rows.html", state, rows, title=_("Rows of %(name)s") % {"name": found.name}, found=found)


def act(request: Request, import_id: UUID) -> HttpResponse:
    """Try again, run, take back, or throw away."""
    actor, url = request.actor, _url(import_id)
    match request.POST.get("action"):
        case "try":
            services.begin_trial(actor=actor, import_id=import_id)
            return redirect(request, url)
        case "run":
            services.begin_run(actor=actor, import_id=import_id)
            return redirect(request, url)
        case "discard":
            services.discard_import(actor=actor, import_id=import_id)
            return done(request, reverse("integrations:imports"), _("Thrown away"), _("Nothing was changed."))
        case "undo":
            return _undone(request, import_id)
    raise NotFound()


def forget_mapping(request: Request) -> HttpResponse:
    services.forget_mapping(actor=request.actor, mapping_id=parse_id(request.POST.get("mapping")) or UUID(int=0))
    return done(request, reverse("integrations:new_import"), _("Mapping removed"))


def export(request: Request, entity: str, format: str) -> HttpResponse:
    """Every row of one kind, as a file."""
    with tempfile.TemporaryDirectory(prefix="openprm-export-") as folder:
        path = Path(folder) / f"{entity}.{format}"
        services.export_to(actor=request.actor, entity=entity, path=path, at=request.at, format=format)
        body = path.read_bytes()
    kind = "text/csv; charset=utf-8" if format == "csv" else exports.XLSX_TYPE
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{entity}.{format}"', "Cache-Control": "no-store"})


def _staged(request: Request, form: UploadForm) -> UUID | None:
    """Read the upload into staged rows; what is wrong with it goes beside the field."""
    upload: UploadedFile = form.cleaned_data["file"]
    saved = parse_id(form.cleaned_data["saved"])
    mapping = queries.saved_mapping(request.actor, saved) if saved else None
    with tempfile.NamedTemporaryFile(prefix="openprm-import-") as file:
        try:
            spool(upload.chunks(), file, upload.name or "")
            file.flush()
            return _stage(request, Path(file.name), upload.name or "file", form.cleaned_data["entity"], mapping)
        except Invalid as refusal:
            add_problems(form, Invalid(refusal.message, field="file"))
            return None


def _stage(request: Request, path: Path, name: str, entity: str, mapping: Any) -> UUID:
    stage = {"actor": request.actor, "path": path, "name": name, "entity": entity, "mapping": mapping}
    try:
        return services.stage_file(**stage)
    except UnsureEncoding as unsure:
        return services.stage_file(**stage, encoding="cp1252", doubt=unsure.message)


def _mapped(request: Request, import_id: UUID, form: ColumnsForm) -> bool:
    try:
        services.map_columns(actor=request.actor, import_id=import_id, mapping=form.result(), skip_bad_rows=form.cleaned_data["skip_bad_rows"])
        if form.cleaned_data["save_as"]:
            services.save_mapping(actor=request.actor, import_id=import_id, name=form.cleaned_data["save_as"])
        services.begin_trial(actor=request.actor, import_id=import_id)
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return False
    return True


def _undone(request: Request, import_id: UUID) -> HttpResponse:
    try:
        taken = services.undo_import(actor=request.actor, import_id=import_id, at=request.at)
    except services.UndoRefused as refusal:
        found = queries.import_view(request.actor, import_id)
        problems = [problem.message for problem in refusal.problems][:20]
        return page(request, "integrations/import.html", found=found, badge=_badge(found.status), undo_problems=problems, status=409, **_report(found))
    return done(request, _url(import_id), _("Taken back"), _("%(removed)d rows removed, %(restored)d restored.") % taken)


def _report(found: queries.ImportView) -> dict[str, Any]:
    groups = {kind: [one for one in found.findings if one["kind"] == kind] for kind in words.FINDING}
    shown = [(words.FINDING[kind], kind, rows[:40], len(rows)) for kind, rows in groups.items() if rows]
    can_run = found.status == "checked" and (not found.refused or found.skip_bad_rows)
    return {"groups": shown, "totals": [words.total(one) for one in found.checks], "can_run": can_run}


def _badge(status: str) -> Badge:
    label, tone = words.STATUS[status]
    return Badge(label, tone)


def _url(import_id: UUID) -> str:
    return reverse("integrations:import", args=[import_id])


class _Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any):
        self._row = row
        self.url = reverse("integrations:columns", args=[row.id]) if row.status == "staged" else _url(row.id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
