"""A mail backend that writes each message as one .eml file, for machines without a mail server."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.text import slugify

from openprm.kernel.clock import now
from openprm.kernel.ids import new_id


class EmailBackend(BaseEmailBackend):
    """Files named by time and subject in EMAIL_FILE_PATH, readable by their owner alone: they hold sign-in links."""

    def __init__(self, fail_silently: bool = False, file_path: str | None = None, **kwargs: Any):
        super().__init__(fail_silently=fail_silently, **kwargs)
        self.folder = Path(file_path or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        name = f"{now():%Y%m%d-%H%M%S}-{slugify(message.subject)[:60]}-{new_id().hex[-6:]}.eml"
        handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message.message().as_bytes())
