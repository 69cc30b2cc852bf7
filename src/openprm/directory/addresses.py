"""The public addresses of badges, absolute: they stand in what is signed, so they are made in one place."""

from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from openprm.directory.rules.credential import did_web


def absolute(path: str) -> str:
    return urljoin(settings.OPENPRM_URL + "/", path)


def issuer_id() -> str:
    return did_web(settings.OPENPRM_URL)


def badge(badge_id: UUID) -> str:
    return absolute(reverse("directory:badge", args=[badge_id]))


def badge_picture(badge_id: UUID) -> str:
    return absolute(reverse("directory:badge_picture", args=[badge_id]))


def achievement(achievement_id: UUID) -> str:
    return absolute(reverse("directory:achievement", args=[achievement_id]))


def achievement_picture(achievement_id: UUID) -> str:
    return absolute(reverse("directory:achievement_picture", args=[achievement_id]))


def status_list(number: int) -> str:
    return absolute(reverse("directory:status_list", args=[number]))


def key(thumbprint: str) -> str:
    return absolute(reverse("directory:issuer_key", args=[thumbprint]))


def listing(slug: str) -> str:
    return absolute(reverse("directory:listing", args=[slug]))
