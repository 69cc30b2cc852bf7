"""An upload is cut off at its limit while it comes in, not after all of it was read."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from openprm.integrations.imports.limits import LARGEST_FILE


class LimitedUpload(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS: stops reading a request whose file grows past the limit; the page then finds no file."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None) -> None:
        self.seen = 0
        self.announced = content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > LARGEST_FILE or self.announced > LARGEST_FILE + 1024 * 1024:
            if self.request is not None:
                self.request.META["openprm.upload_too_large"] = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
