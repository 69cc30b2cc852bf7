import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.accounts.rules import Compared, legal_form, match, match_reasons, name_key, normal_domain, normal_name
from openprm.accounts.rules.matching import name_percent


@pytest.mark.parametrize(
    ("name", "normal", "form"),
    [
        ("Ostrava Steelworks a.s.", "ostrava steelworks", "as"),
        ("Müller & Söhne GmbH & Co. KG", "muller and sohne", "gmbhandcokg"),
        ("Gekko & Co", "gekko", "andco"),
        ("The New York Inquirer", "new york inquirer", ""),
        ("Green-Plus", "green plus", ""),
        ("PT Bank Central Asia Tbk", "bank central asia", "tbk"),
        ("AT&T Inc.", "at and t", "inc"),
        ("I.B.M. Corp.", "ibm", "corp"),
        ("Ørsted A/S", "orsted", "as"),
        ("Straße AG", "strasse", "ag"),
        ("Foo Sp. z o.o.", "foo", "spzoo"),
        ("株式会社トヨタ", "トヨタ", ""),
        ("Co", "co", ""),
        ("A.S.", "as", ""),
        ("", "", ""),
    ],
)
def test_names_lose_what_does_not_tell_them_apart(name, normal, form):
    assert (normal_name(name), legal_form(name)) == (normal, form)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Bücher.de/x?y", "xn--bcher-kva.de"),
        ("WWW.ACME.CO.UK", "acme.co.uk"),
        ("petra@mail.ostravasteel.example", "ostravasteel.example"),
        ("user:pw@acme.com:8080/", "acme.com"),
        ("http:\\\\acme.com\\x", "acme.com"),
        ("acme.github.io", "acme.github.io"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("acme.com.", "acme.com"),
        ("anna@gmail.com", ""),
        ("http://10.0.0.1/x", ""),
        ("http://[::1]/", ""),
        ("acme", ""),
        ("co.uk", ""),
        ("ac me.com", ""),
        ("", ""),
        ("a" * 300 + ".com", ""),
    ],
)
def test_a_domain_is_what_somebody_registered(text, domain):
    assert normal_domain(text) == domain


@given(st.text(max_size=60))
def test_normal_forms_are_stable_and_never_fail(text):
    assert normal_name(normal_name(text)).replace(" ", "") == name_key(normal_name(text))
    assert normal_domain(normal_domain(text)) == normal_domain(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_percent_and_the_same_both_ways(a, b):
    assert 0 <= name_percent(a, b) <= 100
    assert abs(name_percent(a, b) - name_percent(b, a)) <= 1


@pytest.mark.parametrize(
    ("a", "b", "percent"),
    [
        ("Ostrava Steelworks a.s.", "Ostrava Steelworks", 96),
        ("Ostrava Steelworks", "OSTRAVA STEEL-WORKS", 100),
        ("Ostrava Steelworks", "Ostrava Stelworks", 95),
        ("Kallio Digital", "Digital Kallio", 95),
    ],
)
def test_likeness_of_names(a, b, percent):
    assert name_percent(a, b) == percent


@pytest.mark.parametrize(
    ("a", "b"), [("Ostrava Steelworks", "Ostrava Bakery"), ("Bank of America", "Bank of Canada"), ("Betatech", "Betasoloin"), ("Acme", "Acme Germany")]
)
def test_names_that_share_a_word_are_not_yet_alike(a, b):
    assert match(Compared(a), Compared(b)).score == 0


def test_reasons_come_with_percents_as_on_the_page():
    here = Compared("Ostrava Steelworks a.s.", "ostravasteel.example", "CZ")
    there = Compared("Ostrava Steelworks", "ostravasteel.example", "CZ")

    assert [(reason.kind, reason.percent) for reason in match_reasons(here, there)] == [("domain", 100), ("name", 96), ("country", 100)]


def test_a_country_alone_is_no_reason():
    assert match_reasons(Compared("Alpha", country="CZ"), Compared("Omega", country="CZ")) == ()


def test_another_country_weakens_an_equal_name():
    score = match(Compared("Alpha Tools", country="CZ"), Compared("Alpha Tools", country="CL")).score

    assert score == 86 < match(Compared("Alpha Tools", country="CZ"), Compared("Alpha Tools", country="CZ")).score
