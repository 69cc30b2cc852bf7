"""Who a note on a lead is for, and who wrote it."""

from enum import StrEnum


class Audience(StrEnum):
    SHARED = "shared"
    PRIVATE = "private"


class NoteSide(StrEnum):
    VENDOR = "vendor"
    PARTNER = "partner"
