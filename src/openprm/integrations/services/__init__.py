"""What changes imports: `from openprm.integrations import services as integrations`."""

from openprm.integrations.services.exports import export_to
from openprm.integrations.services.imports import (
    ImportNotReady,
    begin_run,
    begin_trial,
    discard_import,
    forget_mapping,
    map_columns,
    run_import,
    save_mapping,
    try_import,
)
from openprm.integrations.services.staging import stage_file, stage_folder
from openprm.integrations.services.undo import UndoRefused, undo_import

__all__ = [
    "ImportNotReady",
    "UndoRefused",
    "begin_run",
    "begin_trial",
    "discard_import",
    "export_to",
    "forget_mapping",
    "map_columns",
    "run_import",
    "save_mapping",
    "stage_file",
    "stage_folder",
    "try_import",
    "undo_import",
]
