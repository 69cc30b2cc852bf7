"""Organizations and the vendor's brand."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from openprm.identity import policies
from openprm.identity.models import Organization
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.memory import Remembered

VENDOR = Remembered("identity.vendor")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationView:
    id: UUID
    kind: str
    name: str
    legal_name: str
    domain: str
    country: str
    time_zone: str
    locale: str
    status: str
    logo_light: str
    logo_dark: str
    color: str
    radius: int
    version: int

    @property
    def is_vendor(self) -> bool:
        return self.kind == Organization.Kind.VENDOR

    @property
    def logo_light_url(self) -> str:
        return logo_url(self.logo_light)

    @property
    def logo_dark_url(self) -> str:
        return logo_url(self.logo_dark or self.logo_light)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    """What paints the portal: the vendor's name, colour, corner radius and logos."""

    organization_id: UUID | None
    name: str
    color: str
    radius: int
    logo_light_url: str
    logo_dark_url: str
    css_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every page: whose portal it is, and for whom the reader acts."""

    brand: Branding
    organization: OrganizationView | None


UNBRANDED = Branding(organization_id=None, name="OpenPRM", color="", radius=8, logo_light_url="", logo_dark_url="", css_url="")


def organization(actor: Actor, organization_id: UUID) -> OrganizationView:
    """One organization. Raises NotFound."""
    return _view(policies.reach_organizations(actor).one(organization_id))


def organizations(actor: Actor, *, kind: str = "", text: str = ""):
    """The organizations this actor can see, as a queryset for paging."""
    rows = policies.reach_organizations(actor)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(name__icontains=text) if text else rows


def organization_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id, of those that the running scope may read."""
    return dict(Organization.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def vendor_organization() -> OrganizationView:
    """The one vendor organization. Raises NotFound before it is set up."""
    row = _vendor_row()
    if row is None:
        raise NotFound("No vendor organization is set up yet. Run openprm demo, or create one.")
    return _view(row)


def branding() -> Branding:
    """The vendor's brand, also before a scope exists: the sign-in page wears it."""
    row = _vendor_row()
    return _branding(row) if row else UNBRANDED


def frame(actor: Actor) -> Frame:
    """Brand and own organization: one query for a partner, none for the vendor while its profile is remembered."""
    vendor = _vendor_row()
    own = vendor if vendor and vendor.pk == actor.organization_id else _row(actor.organization_id)
    return Frame(brand=_branding(vendor) if vendor else UNBRANDED, organization=_view(own) if own else None)


def _row(organization_id: UUID | None) -> Organization | None:
    if organization_id is None:
        return None
    return Organization.unscoped(reason="one's own organization stands on every page").filter(pk=organization_id).first()


def _branding(row: Organization) -> Branding:
    return Branding(
        organization_id=row.pk,
        name=row.name,
        color=row.brand_color,
        radius=row.brand_radius,
        logo_light_url=logo_url(row.brand_logo_light),
        logo_dark_url=logo_url(row.brand_logo_dark or row.brand_logo_light),
        css_url=reverse("identity:brand_css", args=[row.brand_color.lstrip("#"), row.brand_radius]) if row.brand_color else "",
    )


def logo_url(name: str) -> str:
    """Logos are stored as "<organization>/<content hash>.png": the address changes with the picture."""
    return reverse("identity:logo", args=name.removesuffix(".png").split("/")) if name else ""


def _vendor_row() -> Organization | None:
    return VENDOR.get(find=lambda: Organization.unscoped(reason="the brand is public").filter(kind=Organization.Kind.VENDOR).first())


def _view(row: Organization) -> OrganizationView:
    return OrganizationView(
        id=row.pk,
        kind=row.kind,
        name=row.name,
        legal_name=row.legal_name,
        domain=row.domain,
        country=row.country,
        time_zone=row.time_zone,
        locale=row.locale,
        status=row.status,
        logo_light=row.brand_logo_light,
        logo_dark=row.brand_logo_dark,
        color=row.brand_color,
        radius=row.brand_radius,
        version=row.version,
    )
