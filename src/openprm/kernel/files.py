"""Which files people may hang on a record, decided by their content and never by their name."""

import io
import zipfile

MAX_BYTES = 20 * 1024 * 1024
_OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
_MAGIC = (
    (b"%PDF-", ("application/pdf", "pdf")),
    (b"\x89PNG\r\n\x1a\n", ("image/png", "png")),
    (b"\xff\xd8\xff", ("image/jpeg", "jpg")),
)
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<?php")


def sniff(content: bytes) -> tuple[str, str] | None:
    """(content type, extension) of a PDF, PNG, JPEG, Office or plain-text file; None for anything else."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return ("text/plain", "txt") if _is_plain_text(content) else None


def _office(content: bytes) -> tuple[str, str] | None:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return None
    if "[Content_Types].xml" not in names or any("vbaproject" in name.lower() for name in names):
        return None
    return next((kind for prefix, kind in _OFFICE.items() if any(name.startswith(prefix) for name in names)), None)


def _is_plain_text(content: bytes) -> bool:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content or b"\x00" in content or head.startswith(_MARKUP) or b"<script" in content.lower():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def safe_name(name: str, extension: str) -> str:
    """The file's own name without folders and control signs, ending as its content says."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in base if sign.isprintable() and sign not in '<>:"|?*;')
    stem = (plain.rsplit(".", 1)[0] if "." in plain else plain).strip(" .")
    return f"{stem[:120] or 'file'}.{extension}"
