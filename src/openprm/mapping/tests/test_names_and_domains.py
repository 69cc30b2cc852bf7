import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.kernel.domains import normal_domain
from openprm.mapping.engine.codes import code_of, codes_less_one
from openprm.mapping.engine.companies import read_companies
from openprm.mapping.engine.domains import looks, read_domains, read_redirects
from openprm.mapping.engine.lexicon import pieces
from openprm.mapping.engine.names import read_names
from openprm.mapping.engine.places import read_cities, read_countries

NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCÄÖÜéßØ&.,-'/ 株式会社 0123", max_size=40)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("A/S", ("as",)),
        ("S.p.A.", ("spa",)),
        ("FIN.U.BETEIL.", ("fin", "u", "beteil")),
        ("Amazon.com", ("amazon", "com")),
        ("MUENCHEN", ("munchen",)),
        ("München", ("munchen",)),
        ("Ørsted", ("orsted",)),
        ("株式会社トヨタ", ("toyota",)),
        ("AT&T", ("at", "and", "t")),
        ("--", ()),
    ],
)
def test_a_piece_of_a_name_is_its_words(written, words):
    assert pieces(written) == words


@pytest.mark.parametrize(
    ("name", "core", "form"),
    [
        ("Müller & Söhne Maschinenbau GmbH", "muller sohne machine", "gmbh"),
        ("A P MOLLER-MAERSK A/S", "ap moller marsk", "as"),
        ("A.P. MØLLER - MÆRSK A/S", "ap moller marsk", "as"),
        ("QIAGEN NV QIAGEN ORD SHS", "qiagen", "nv"),
        ("NANOBIOTIX INH.  EO-,03", "nanobiotix", ""),
        ("The Company Inc.", "the", "inc"),
        ("S A", "sa", "sa"),
        ("Intl Business Machines Corp.", "business machine", "corp"),
        ("", "", ""),
    ],
)
def test_the_core_of_a_name_is_without_form_and_noise(name, core, form):
    names = read_names(pa.array([name]))
    assert (names.core[0].as_py(), names.forms[names.legal[0]]) == (core, form)


@given(NAMES)
def test_case_and_outer_spaces_change_nothing(name):
    plain, loud = read_names(pa.array([name])), read_names(pa.array([f"  {name.upper()} "]))
    if name.upper().lower() == name.lower():
        assert plain.core == loud.core


@given(st.lists(NAMES, max_size=6))
def test_a_name_is_read_alike_whatever_stands_beside_it(names):
    together = read_names(pa.array(names, pa.string())).core.to_pylist()
    assert together == [read_names(pa.array([name])).core[0].as_py() for name in names]


HOSTS = [
    "acme.com",
    "https://www.Acme.co.uk/x",
    "foo.bar.acme.com",
    "info@acme.de",
    "gmail.com",
    "co.uk",
    "bücher.de",
    "acme",
    "www.ck",
    "a.b.kawasaki.jp",
    "10.0.0.1",
    "",
]


@pytest.mark.parametrize("text", HOSTS)
def test_a_column_of_domains_is_read_as_each_one_is(text):
    assert read_domains(pa.array([text]))[0].as_py() == normal_domain(text)


@given(st.lists(st.from_regex(r"(https?://)?(www\.)?[a-z0-9-]{1,12}(\.[a-z]{2,5}){0,3}/?", fullmatch=True), max_size=5))
def test_any_column_of_domains_is_read_as_each_one_is(texts):
    assert read_domains(pa.array(texts, pa.string())).to_pylist() == [normal_domain(text) for text in texts]


def test_a_look_alike_in_other_letters_is_another_domain_that_looks_the_same():
    domains = read_domains(pa.array(["acme.com", "аcme.com"]))
    assert domains.to_pylist() == ["acme.com", "xn--cme-5cd.com"]
    assert looks(domains).to_pylist() == ["acme", "acme"]


def test_redirects_are_followed_to_their_end_and_rings_to_one_name():
    redirects = read_redirects({"http://old.com": "www.mid.com", "mid.com": "new.com", "a.com": "b.com", "b.com": "a.com", "x.com": "x.com", "no": "y.com"})
    assert redirects == {"old.com": "mid.com", "mid.com": "new.com", "a.com": "b.com", "b.com": "a.com"}
    assert read_domains(pa.array(["old.com", "new.com", "a.com", "b.com"]), redirects).to_pylist() == ["new.com", "new.com", "a.com", "a.com"]


def test_countries_and_cities_have_one_writing():
    assert read_countries(pa.array(["DE", "deu", "Germany", "Deutschland", "U.S.A.", "uk", "Narnia", None])).to_pylist() == [
        "DE",
        "DE",
        "DE",
        "DE",
        "US",
        "GB",
        "",
        "",
    ]
    assert read_cities(pa.array(["München, Bavaria", "MUENCHEN", "Munich", "New York", None])).to_pylist() == ["munich", "munich", "munich", "newyork", ""]


def test_identifiers_with_wrong_check_digits_identify_nobody():
    columns = {
        "id": pa.array(["1", "2", "3"]),
        "lei": pa.array(["5493 0084 UKLVMY22DS16", "549300 84UKLVMY22DS17", ""]),
        "duns": pa.array(["15-048-3782", "12345", "000000000"]),
        "vat": pa.array(["DE 136,695 976", "136695976", "DE136695977"]),
        "country": pa.array(["", "DE", "DE"]),
    }
    found = read_companies(columns).identifiers
    assert found["lei"].to_pylist() == ["549300" + "84UKLVMY22DS16", "", ""]
    assert found["duns"].to_pylist() == ["150483782", "", ""]
    assert found["vat"].to_pylist()[1:] == ["DE136695976", ""]


def test_codes_are_the_same_on_every_machine():
    assert code_of(["acme", "acne", ""]).tolist() == code_of(["acme"]).tolist() + code_of(["acne", ""]).tolist()
    assert len(set(code_of(["ab", "ba", "a", "b", "aab"]).tolist())) == 5


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("microsoft", "mircosoft", True), ("microsoft", "microsof", True), ("microsoft", "macrosoft", True), ("siemens", "samsung", False)],
)
def test_words_one_letter_apart_share_a_code(one, other, near):
    import numpy as np

    places, codes = codes_less_one(np.array([one, other], object), 16)
    assert bool(set(codes[places == 0]) & set(codes[places == 1])) is near
