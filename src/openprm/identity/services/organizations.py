"""Organizations: made, changed, branded."""

import hashlib
import io
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from openprm.audit import services as audit
from openprm.identity import policies, rules
from openprm.identity.events import OrganizationCreated
from openprm.identity.models import Organization
from openprm.identity.queries.organizations import VENDOR
from openprm.identity.services import checks
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.events import publish

LOGO_LARGEST_BYTES = 1024 * 1024
LOGO_LARGEST_PIXELS = 16_000_000
LOGO_BOX = (640, 240)
LOGO_FORMATS = ("PNG", "JPEG", "WEBP")
PROFILE_FIELDS = ("name", "legal_name", "domain", "country", "time_zone", "locale")


class VendorAlreadyThere(Conflict):
    """An installation has one vendor organization."""


@transaction.atomic
def create_organization(*, actor: Actor, kind: str, name: str, at: datetime, **profile: str) -> UUID:
    """Create a partner organization, or the one vendor organization. Raises Invalid, NotAllowed, VendorAlreadyThere."""
    if not actor.can("identity.create_organizations"):
        refuse_if(_("Only administrators and partner managers can add an organization."))
    values = checks.profile({"name": name, **profile}, allowed=(*PROFILE_FIELDS, "status"))
    organization = Organization(kind=checks.choice("kind", kind, Organization.Kind.values), **values)
    with refused_by("one_vendor_organization", VendorAlreadyThere(_("The vendor organization is already set up."))):
        organization.save()
    VENDOR.forget()
    audit.record(actor, "organization.created", organization, refs=(organization.pk,), visible_to=_visible(organization), at=at)
    publish(OrganizationCreated(organization_id=organization.pk, kind=organization.kind, at=at))
    return organization.pk


@transaction.atomic
def update_organization(*, actor: Actor, organization_id: UUID, changes: dict[str, Any], at: datetime, version: int | None = None) -> None:
    """Change an organization's profile. Raises NotFound, NotAllowed, Invalid, Stale."""
    organization = policies.reach_organizations(actor).locked().one(organization_id)
    refuse_if(policies.why_not_update_organization(actor, organization))
    _refuse_stale(organization, version)
    values = checks.profile(changes, allowed=PROFILE_FIELDS)
    _write(actor, organization, values, "organization.updated", at)


@transaction.atomic
def set_organization_status(*, actor: Actor, organization_id: UUID, status: str, at: datetime) -> None:
    """Move a partner organization between its statuses; a suspended one can no longer sign in. Raises NotFound, NotAllowed."""
    organization = policies.reach_organizations(actor).locked().one(organization_id)
    if not actor.can("identity.manage_partner_organizations") or organization.is_vendor:
        refuse_if(_("Only the vendor's partner managers can change the status of a partner."))
    status = checks.choice("status", status, Organization.Status.values)
    _write(actor, organization, {"status": status}, "organization.status_changed", at)


@transaction.atomic
def update_branding(
    *,
    actor: Actor,
    organization_id: UUID,
    at: datetime,
    color: str | None = None,
    radius: int | None = None,
    logo_light: bytes | None = None,
    logo_dark: bytes | None = None,
    remove: tuple[str, ...] = (),
) -> None:
    """Change colour, corner radius and logos; what is None stays. Raises NotFound, NotAllowed, Invalid."""
    organization = policies.reach_organizations(actor).locked().one(organization_id)
    refuse_if(policies.why_not_brand(actor, organization))
    values = _colors(color, radius)
    for field, upload in (("logo_light", logo_light), ("logo_dark", logo_dark)):
        if upload is not None:
            values[f"brand_{field}"] = _stored_logo(organization, field, upload)
        elif field in remove:
            values[f"brand_{field}"] = ""
    _write(actor, organization, values, "organization.branded", at)


def _colors(color: str | None, radius: int | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if color is not None:
        color = color.strip().lower()
        if color and not rules.is_color(color):
            raise Invalid(_("Write the colour as a hash and six digits, for example #2f54eb."), field="color")
        values["brand_color"] = color
    if radius is not None:
        if not 0 <= radius <= 12:
            raise Invalid(_("The corner radius is a whole number from 0 to 12."), field="radius")
        values["brand_radius"] = radius
    return values


def _write(actor: Actor, organization: Organization, values: dict[str, Any], verb: str, at: datetime) -> None:
    before = organization.snapshot()
    changed = {name: value for name, value in values.items() if getattr(organization, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(organization, name, value)
    organization.version += 1
    organization.save()
    VENDOR.forget()
    audit.record(actor, verb, organization, before=before, refs=(organization.pk,), visible_to=_visible(organization), at=at)


def _refuse_stale(organization: Organization, version: int | None) -> None:
    if version is not None and version != organization.version:
        raise Stale()


def _visible(organization: Organization) -> tuple[UUID, ...]:
    return () if organization.is_vendor else (organization.pk,)


def _stored_logo(organization: Organization, field: str, upload: bytes) -> str:
    """Check a picture, draw it anew as PNG (nothing hidden survives) and keep it under its content's hash."""
    png = clean_logo(upload, field=field)
    name = f"{organization.pk}/{hashlib.sha256(png).hexdigest()[:20]}.png"
    path = f"logos/{name}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(png))
    return name


def clean_logo(upload: bytes, *, field: str) -> bytes:
    """The picture as a small PNG. Raises Invalid for anything that is not a PNG, JPEG or WebP of sane size."""
    if len(upload) > LOGO_LARGEST_BYTES:
        raise Invalid(_("The logo is larger than 1 MB. Save it smaller, about 640 by 240 pixels, and try again."), field=field)
    try:
        picture = Image.open(io.BytesIO(upload), formats=LOGO_FORMATS)
        if picture.width * picture.height > LOGO_LARGEST_PIXELS:
            raise Invalid(_("The logo has too many pixels. Save it smaller, about 640 by 240 pixels, and try again."), field=field)
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid(_("This is not a PNG, JPEG or WebP picture. SVG files can carry scripts and are not taken."), field=field) from None
    picture = picture.convert("RGBA")
    picture.thumbnail(LOGO_BOX)
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    return png.getvalue()
