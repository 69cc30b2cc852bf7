"""What fraud rules look at, from plain values."""

import pytest

from openprm.earnings.rules.suspicion import Party, Sale, facts, hosts_in

PARTNER = Party(name="Kallio Systems", domain="kallio.example", emails=frozenset({"aino@kallio.example", "aino@gmail.com"}))


@pytest.mark.parametrize(
    ("came_by", "bought"),
    [
        (("web_form", "google-cpc"), True), (("web_form", "Paid_Social autumn"), True), (("api", "newsletter"), False), (("csv", "prepaid cards"), False), ((), False),
    ],
)  # fmt: skip
def test_bought_traffic_is_seen_by_its_words(came_by, bought):
    assert facts(PARTNER, Sale(came_by=came_by))["paid_traffic"] is bought


def test_a_source_is_looked_up_by_its_web_address():
    assert hosts_in(("web_form", "https://coupons.example/deal", "autumn")) == {"coupons.example"}


def test_the_domains_of_everybody_are_nobodys():
    assert PARTNER.hosts == {"kallio.example"}
