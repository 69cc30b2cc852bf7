import pytest

from openprm.correspondence.engine import message, words
from openprm.correspondence.testing import make_mail, with_file

QUOTED = "\n\nOn Mon, 23 Nov 2026 at 12:00, Halden <openprm@halden.example> wrote:\n\n> Ostrava is approved\n>\n> Open\n"


@pytest.mark.parametrize(
    ("written", "new"),
    [
        ("Fine by us." + QUOTED, "Fine by us."),
        ("Fine by us.\n\nAnd more.\n-- \nAino Laine\nKallio Digital" + QUOTED, "Fine by us.\n\nAnd more."),
        ("Sopii.\n\nma 23. marrask. 2026 klo 12.00 Halden <openprm@halden.example> kirjoitti:\n> Ostrava\n", "Sopii."),
        ("Passt.\n\nVon: Halden <a@b.example>\nGesendet: Montag, 23. November 2026 12:00\nAn: Aino\nBetreff: Ostrava\n\nOstrava", "Passt."),
        ("Yes\nSent from my iPhone\n\n> On 23 Nov 2026, at 12:00, Halden <a@b.example> wrote:\n>\n> Text", "Yes"),
        ("Three things:\n\n- price\n- date\n\nTotal: 5:", "Three things:\n\n- price\n- date\n\nTotal: 5:"),
        ("> When?\nNext week.\n> Where?\nIn Ostrava.", "> When?\nNext week.\n> Where?\nIn Ostrava."),
        ("", ""),
        ("   \n\n", ""),
    ],
)
def test_only_the_new_words_are_kept(written, new):
    assert words.new_words(written) == new


def test_an_endless_mail_is_read_in_time():
    assert words.new_words("\n" * 2_000_000) == ""
    assert len(words.new_words("On " * 700_000)) <= words.LONGEST_READ


def test_html_becomes_lines_without_scripts_and_quotes():
    markup = (
        "<style>p{}</style><div>Hello<br>two &amp; <b>three</b></div><p>para</p><ul><li>x</li><li>y</li></ul>"
        "<script>alert(1)</script><div class='gmail_quote'>On Monday<blockquote>old</blockquote></div>"
    )

    assert words.text_of_html(markup).strip() == "Hello\ntwo & three\n\npara\n- x\n- y"


def read(mail) -> message.Incoming:
    return message.read(mail.as_bytes())


def mail(**values):
    return make_mail(sender="Aino Laine <partner.rep@kallio.example>", to="reply+x@reply.halden.example", **values)


def test_a_mail_is_read_with_its_sender_and_subject():
    found = read(mail(text="Hello" + QUOTED))

    assert (found.sender, found.subject, found.text(), found.files) == (
        "partner.rep@kallio.example", "Re: Ostrava Steelworks is approved", "Hello", (),
    )  # fmt: skip


def test_a_mail_without_plain_text_is_read_from_its_html():
    raw = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Tack, det g\xc3\xa5r bra</p>"

    assert message.read(raw).text() == "Tack, det går bra"


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("iso-8859-1", b"g\xe5r bra", "går bra"),
        ("windows-1252", b"\x80 5", "€ 5"),
        ("no-such-charset", "går".encode(), "går"),
        ("utf-8", b"g\xe5r", "går"),
        ("shift_jis", "承認".encode("shift_jis"), "承認"),
    ],
)
def test_every_charset_is_read_as_well_as_can_be(charset, content, text):
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\n" + content

    assert message.read(raw).text() == text


def test_files_are_taken_and_pictures_of_a_signature_are_not():
    letter = with_file(mail(), b"%PDF-1.4 plan", name="plan.pdf")
    letter = with_file(letter, b"\x89PNG\r\n\x1a\nlogo", name="logo.png", kind="image/png", cid="<logo>", disposition="inline")
    letter = with_file(letter, b"BEGIN:VCARD", name="me.vcf", kind="text/vcard")

    assert [(one.name, one.content) for one in read(letter).files] == [("plan.pdf", b"%PDF-1.4 plan")]


def test_a_forwarded_mail_inside_is_not_this_persons_words():
    letter = mail(text="See below.")
    letter.add_attachment(make_mail(sender="boss@kallio.example", to="x@y.example", text="Secret price"))

    found = read(letter)

    assert found.text() == "See below."
    assert found.files == ()


def test_two_senders_are_seen_as_two():
    raw = b"From: a@kallio.example, b@kallio.example\r\n\r\nHello"

    assert message.read(raw).from_addresses == ("a@kallio.example", "b@kallio.example")


def test_two_from_lines_are_seen_as_two():
    raw = b"From: a@kallio.example\r\nFrom: b@kallio.example\r\n\r\nHello"

    assert message.read(raw).from_addresses == ("a@kallio.example", "b@kallio.example")


@pytest.mark.parametrize("raw", [b"", b"\x00" * 100, b"no headers at all", b"To: x@y.example\r\n\r\nHello"])
def test_what_is_no_mail_is_unreadable(raw):
    with pytest.raises(message.Unreadable):
        message.read(raw)


def test_a_mail_that_nests_without_end_is_unreadable():
    part = b"Hello"
    for number in range(40):
        boundary = f"b{number}".encode()
        part = b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n--" + boundary + b"\r\n" + part + b"\r\n--" + boundary + b"--\r\n"

    with pytest.raises(message.Unreadable):
        message.read(b"From: a@b.example\r\n" + part)


@pytest.mark.parametrize(
    "header", [b"From: =?utf-8?q?=00?= <a@b.example>", b"From: a@b.example\r\nSubject: \xff\xfe\x00", b"From: " + b"a" * 100_000, b"From: <<<>>>@@"]
)
def test_hostile_headers_break_nothing(header):
    try:
        found = message.read(header + b"\r\n\r\nHello")
    except message.Unreadable:
        return
    assert "\x00" not in found.subject
