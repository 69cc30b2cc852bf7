import hashlib
import json

import pytest

from openprm.agreements import queries, services
from openprm.agreements.engine import pdf
from openprm.agreements.testing import SOME_DAY, TEXT, make_document, make_version, sign, stored_version
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db
STROKES = "[[[10,10],[200,90],[400,30]]]"


@pytest.fixture
def signed(cast):
    version = make_version(make_document(needs_countersignature=True), text=TEXT + "\n\nŁódź, Ærøskøbing, Ça & <b>co</b> | Ωμέγα")
    return sign(cast.partner_admin, version, drawn=STROKES, name="Łukasz Ærø-Çelik")


def test_both_sides_get_the_same_certificate_and_twice_the_same_bytes(cast, signed):
    with scope(cast.partner_reader) as reader:
        theirs = queries.certificate(reader, signed)
    with scope(cast.vendor_reader) as reader:
        ours, again = queries.certificate(reader, signed), queries.certificate(reader, signed)

    assert ours.content.startswith(b"%PDF-1.")
    assert ours.content == again.content == theirs.content
    assert ours.name == "partner-charter-v1-certificate.pdf"


def test_the_certificate_grows_by_the_countersignature(cast, signed):
    with scope(cast.vendor_admin) as admin:
        before = queries.certificate(admin, signed).content
        services.countersign(actor=admin, acceptance_id=signed, name="Ingrid Solberg", at=SOME_DAY)
        assert queries.certificate(admin, signed).content != before


def test_the_signature_file_has_the_fingerprint(cast, signed):
    with scope(cast.partner_admin) as admin:
        found = queries.signature_file(admin, signed)
        signature = queries.acceptance(admin, signed, SOME_DAY).signature

    assert hashlib.sha256(found.content).hexdigest() == signature.fingerprint
    assert json.loads(found.content)["name"] == "Łukasz Ærø-Çelik"


def test_the_text_file_has_the_hash(cast, signed):
    with scope(cast.partner_admin) as admin:
        version_id = queries.acceptance(admin, signed, SOME_DAY).version.id
        found = queries.text_file(admin, version_id)

    assert hashlib.sha256(found.content).hexdigest() == stored_version(version_id).sha256


def test_another_partner_gets_none_and_an_unsigned_version_has_none(cast, signed):
    with scope(cast.other_partner_admin) as other:
        with pytest.raises(NotFound):
            queries.certificate(other, signed)
        waiting = queries.waiting_for(cast.other_partner_id, SOME_DAY)[0].acceptance_id
        with pytest.raises(NotFound, match="not signed yet"):
            queries.certificate(other, waiting)


@pytest.mark.parametrize(
    "text",
    [
        "|" + "a|" * 60 + "\n|" + "-|" * 60 + "\n|" + "b|" * 60,
        "|a|b|\n|-|-|\n|" + "word " * 9000 + "|x|",
        "\n".join("  " * depth + "- item" for depth in range(60)),
        "> " * 40 + "deep",
        "x" * 50_000,
        "```\n" + "code\n" * 3000 + "```",
        "1. " + "word " * 9000,
        "|a|\n|-|\n\n# \n\n- \n\n1.\n\n[](x)",
        "**un*closed <b> &amp; </para> <font>\n\n&#0; \ud7ff",
    ],
)
def test_no_text_that_can_be_published_breaks_its_certificate(text):
    assert pdf.body(text) is not None
    assert pdf.draw(_sheet(text)).startswith(b"%PDF-1.")


def _sheet(text):
    empty = dict.fromkeys(("title", "kicker", "lead", "signatures_title", "text_title", "check_title", "foot", "page_word", "author"), "x")
    return pdf.Sheet(**empty, facts=(), signatures=(), text=text, checks=())
