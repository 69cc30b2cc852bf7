import io

import pytest
from PIL import Image

from openprm.identity import queries, services
from openprm.identity.models import Organization
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(kind="PNG", size=(300, 100), color=(11, 107, 87)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


def brand(actor, organization, at, **values):
    with scope(actor):
        services.update_branding(actor=actor, organization_id=organization.pk, at=at, **values)


def row(organization) -> Organization:
    with system_scope():
        return Organization.objects.get(pk=organization.pk)


def test_there_is_one_vendor(cast, at):
    with system_scope(), pytest.raises(services.VendorAlreadyThere):
        services.create_organization(actor=SYSTEM, kind="vendor", name="Second", at=at)

    with system_scope():
        assert Organization.objects.filter(kind="vendor").count() == 1


def test_a_partner_manager_adds_a_partner_organization(cast, at):
    with scope(cast.partner_manager):
        made = services.create_organization(
            actor=cast.partner_manager, kind="partner", name=" Tessera  Data ", domain="https://www.Tessera.example/", country="it", at=at
        )

        found = queries.organization(cast.partner_manager, made)
    assert (found.name, found.domain, found.country, found.status) == ("Tessera Data", "tessera.example", "IT", "active")


def test_a_partner_adds_no_organization(cast, at):
    with scope(cast.partner_admin), pytest.raises(NotAllowed):
        services.create_organization(actor=cast.partner_admin, kind="partner", name="Mine", at=at)


def test_a_partner_admin_changes_its_own_profile(cast, at):
    with scope(cast.partner_admin):
        services.update_organization(
            actor=cast.partner_admin, organization_id=cast.partner.pk, changes={"name": "Kallio", "time_zone": "Europe/Berlin"}, at=at, version=1
        )

    assert (row(cast.partner).name, row(cast.partner).version) == ("Kallio", 2)


def test_an_old_version_is_refused(cast, at):
    with scope(cast.partner_admin), pytest.raises(Stale):
        services.update_organization(actor=cast.partner_admin, organization_id=cast.partner.pk, changes={"name": "X"}, at=at, version=9)

    assert row(cast.partner).name == "Kallio Digital"


def test_a_partner_cannot_change_the_vendor(cast, at):
    with scope(cast.partner_admin), pytest.raises((NotAllowed, NotFound)):
        services.update_organization(actor=cast.partner_admin, organization_id=cast.vendor.pk, changes={"name": "X"}, at=at)

    assert row(cast.vendor).name == "Halden Software"


def test_every_wrong_field_is_named(cast, at):
    changes = {"name": " ", "domain": "kallio", "country": "Finland", "time_zone": "Mars", "status": "active"}

    with scope(cast.partner_admin), pytest.raises(Invalid) as refusal:
        services.update_organization(actor=cast.partner_admin, organization_id=cast.partner.pk, changes=changes, at=at)

    assert [problem.field for problem in refusal.value.problems] == ["name", "domain", "country", "time_zone", "status"]
    assert row(cast.partner).version == 1


def test_only_the_vendor_suspends_a_partner(cast, at):
    with scope(cast.partner_admin), pytest.raises(NotAllowed):
        services.set_organization_status(actor=cast.partner_admin, organization_id=cast.partner.pk, status="suspended", at=at)
    with scope(cast.partner_manager):
        services.set_organization_status(actor=cast.partner_manager, organization_id=cast.partner.pk, status="suspended", at=at)

    assert row(cast.partner).status == "suspended"
    assert cast.client("partner_rep").get("/portal/settings/profile/").status_code == 302


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_becomes_a_small_png(cast, at, media, kind):
    brand(cast.vendor_admin, cast.vendor, at, logo_light=picture(kind, (2000, 500)))

    stored = Image.open(media / "logos" / row(cast.vendor).brand_logo_light)
    assert (stored.format, stored.size) == ("PNG", (640, 160))


@pytest.mark.parametrize(
    ("upload", "word"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"", "PNG"),
        (b"\x89PNG\r\n\x1a\n" + b"broken" * 40, "PNG"),
        (picture("GIF"), "PNG"),
        (b"x" * (1024 * 1024 + 1), "1 MB"),
    ],
)
def test_what_is_no_logo_is_refused(cast, at, media, upload, word):
    with pytest.raises(Invalid) as refusal:
        brand(cast.vendor_admin, cast.vendor, at, logo_light=upload)

    assert refusal.value.field == "logo_light"
    assert word in refusal.value.message
    assert row(cast.vendor).brand_logo_light == ""
    assert not (media / "logos").exists()


def test_a_picture_of_too_many_pixels_is_not_opened(cast, at):
    with pytest.raises(Invalid) as refusal:
        brand(cast.vendor_admin, cast.vendor, at, logo_light=picture(size=(5000, 5000)))

    assert "too many pixels" in refusal.value.message


@pytest.mark.parametrize("color", ["red", "#12345", "#12345g", "#fff;}body{display:none", "url(x)"])
def test_a_colour_is_six_digits(cast, at, color):
    with pytest.raises(Invalid) as refusal:
        brand(cast.vendor_admin, cast.vendor, at, color=color)

    assert refusal.value.field == "color"


def test_the_brand_reaches_the_sign_in_page(cast, at, client):
    brand(cast.vendor_admin, cast.vendor, at, color="#0B6B57", radius=4, logo_light=picture())

    page = client.get("/auth/login/").content.decode()

    assert "/brand/0b6b57-4.css" in page
    assert f"/brand/{cast.vendor.pk}/" in page
    style = client.get("/brand/0b6b57-4.css")
    assert style["Content-Type"] == "text/css"
    assert "--brand: #0b6b57;" in style.content.decode()


def test_a_logo_is_served_as_a_png_for_ever(cast, at, client):
    brand(cast.vendor_admin, cast.vendor, at, logo_light=picture())

    answer = client.get(queries.branding().logo_light_url)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_logo_is_taken_away(cast, at):
    brand(cast.partner_admin, cast.partner, at, logo_light=picture())
    brand(cast.partner_admin, cast.partner, at, remove=("logo_light",))

    assert row(cast.partner).brand_logo_light == ""


def test_a_rep_cannot_brand(cast, at):
    with pytest.raises(NotAllowed):
        brand(cast.partner_rep, cast.partner, at, color="#0b6b57")


def test_a_style_sheet_of_nonsense_is_not_found(client, db):
    assert client.get("/brand/zzzzzz-4.css").status_code == 404
    assert client.get("/brand/0b6b57-99.css").status_code == 404
