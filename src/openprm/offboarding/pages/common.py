"""What the pages of both sides share: the shape of a step, and the file that leaves."""

from typing import Any

from django.http import FileResponse

from openprm.offboarding import queries
from openprm.offboarding.rules import RETENTION, SETTLED
from openprm.offboarding.wording import KIND, STATUS, STEP_STATE
from openprm.ui.cells import Badge


def attachment(export: queries.OpenedExport) -> FileResponse:
    """The ZIP as a stream from storage: no row is read while it runs."""
    response = FileResponse(export.file, as_attachment=True, filename=export.name, content_type="application/zip")
    response["Content-Length"] = str(export.size)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Digest"] = f"sha-256={export.sha256}"
    response.reads_no_rows = True  # type: ignore[attr-defined]
    return response


def case_words(case: Any) -> dict[str, Any]:
    return {"badge": Badge(*STATUS[case.status]), "kind": KIND[case.kind]}


def steps_shown(case: Any) -> list[dict[str, Any]]:
    return [{"step": step, "badge": Badge(*STEP_STATE[step.state]), "may_run": _may_run(case, step)} for step in case.steps]


def _may_run(case: Any, step: Any) -> bool:
    """Whether a button offers to run the step now; the retention time has to wait for the end of access."""
    left, undecided = getattr(step, "left", 0), getattr(step, "needs_decision", False)
    too_early = step.code == RETENTION and case.access_ended_at is None
    return (step.state not in SETTLED or left > 0) and not undecided and not too_early
