from django.utils.translation import gettext_lazy as _

from openprm.integrations import events, jobs
from openprm.integrations.api import ROUTERS
from openprm.integrations.commands import transfer
from openprm.integrations.pages import imports
from openprm.kernel.registry import AuditVerb, Page, SettingsPage, Subscription, Wiring

MANAGERS = {"vendor_admin", "partner_manager"}
GET, POST = ("GET",), ("POST",)


def _page(path: str, view, name: str, methods: tuple[str, ...] = ("GET", "POST")) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission="integrations.view_imports", methods=methods)


wiring = Wiring(
    domain="integrations",
    permissions={
        "integrations.view_imports": MANAGERS,
        "integrations.import": MANAGERS,
    },
    pages=(
        _page("imports/", imports.list_imports, "imports", GET),
        _page("imports/new/", imports.new_import, "new_import"),
        _page("imports/mappings/forget/", imports.forget_mapping, "forget_mapping", POST),
        _page("imports/<uuid:import_id>/", imports.show_import, "import", GET),
        _page("imports/<uuid:import_id>/columns/", imports.choose_columns, "columns"),
        _page("imports/<uuid:import_id>/rows/", imports.show_rows, "rows", GET),
        _page("imports/<uuid:import_id>/act/", imports.act, "act", POST),
        _page("exports/<slug:entity>.<slug:format>", imports.export, "export", GET),
    ),
    settings_pages=(
        SettingsPage(
            label=_("Import and export"),
            about=_("Bring lists in from files, and take them out"),
            url_name="integrations:imports",
            icon="file-input",
            workspace="vendor",
            permission="integrations.view_imports",
            order=70,
        ),
    ),
    routers=ROUTERS,
    subscriptions=(Subscription(events.TrialAsked, jobs.try_import), Subscription(events.RunAsked, jobs.run_import)),
    jobs=(jobs.try_import, jobs.run_import),
    commands=(transfer.import_, transfer.import_undo, transfer.export),
    audit_verbs={
        "import.finished": AuditVerb(label=_("imported a file"), icon="file-input", tone="info"),
        "import.undone": AuditVerb(label=_("took an import back"), icon="undo-2", tone="warn"),
    },
)
