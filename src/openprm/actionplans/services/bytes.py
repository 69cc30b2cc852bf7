"""The bytes of evidence leave storage when the row is gone for good."""

from django.core.files.storage import default_storage
from django.db import transaction

from openprm.actionplans.models import Evidence, Step


def forget_files(step: Step) -> None:
    """The bytes of a step that goes. Runs in the system's scope."""
    for key in Evidence.objects.filter(step=step).values_list("storage_key", flat=True):
        drop(key)


def drop(key: str) -> None:
    transaction.on_commit(lambda: default_storage.delete(key))
