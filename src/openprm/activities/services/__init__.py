"""The only way into the activities room for writing."""

from openprm.activities.services.corrections import confirm, forget_authors, move_to_account, strike, take_back
from openprm.activities.services.recording import ActivityIsKnown, Entry, record, record_many, record_rows
from openprm.activities.services.results import Told

__all__ = ["ActivityIsKnown", "Entry", "Told", "confirm", "forget_authors", "move_to_account", "record", "record_many", "record_rows", "strike", "take_back"]
