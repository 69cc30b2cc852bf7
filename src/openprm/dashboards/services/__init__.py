"""What changes here: `from openprm.dashboards import services`."""

from openprm.dashboards.services.mailing import AT_ONCE, leave, send, send_due
from openprm.dashboards.services.saving import Rhythm, change, remove, save, stop_mailing

__all__ = ["AT_ONCE", "Rhythm", "change", "leave", "remove", "save", "send", "send_due", "stop_mailing"]
