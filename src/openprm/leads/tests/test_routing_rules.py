"""The engine alone: values in, a decision with its reasons out."""

from copy import deepcopy
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest

from openprm.leads.rules.methods import distance_between
from openprm.leads.rules.routing import (
    ANYWHERE,
    SAME_COUNTRY,
    Candidate,
    Field,
    LeadFacts,
    Method,
    Reach,
    Skills,
    Terms,
    draw,
    ring_of,
)

A, B, C, D = (UUID(int=number) for number in range(1, 5))
LEAD = LeadFacts(country="FI", latitude=60.2, longitude=24.9)


def partner(partner_id, **values):
    return Candidate(partner_id=partner_id, **{"countries": frozenset({"FI"}), **values})


def terms(method, **values):
    return Terms(method=method, **values)


def chosen(decision):
    return [scored.partner_id for scored in decision.chosen]


def reasons(decision):
    return {scored.partner_id: scored.why_not for scored in decision.kept}


def test_round_robin_gives_each_its_turn_in_order():
    field = Field([partner(C), partner(A), partner(B)])

    turns = []
    for moment in range(1, 7):
        won = chosen(field.decide(LEAD, terms(Method.ROUND_ROBIN), "x"))[0]
        field.take(won, moment)
        turns.append(won)

    assert turns == [A, B, C, A, B, C]


def test_capacity_prefers_the_largest_free_part_and_never_passes_a_limit():
    field = Field([partner(A, open_leads=5, max_open=10), partner(B, open_leads=1, max_open=4), partner(C, open_leads=3, max_open=3)])

    decision = field.decide(LEAD, terms(Method.CAPACITY, max_open=10), "x")

    assert chosen(decision) == [B]
    assert decision.chosen[0].score == 750
    assert reasons(decision)[C] == "full"
    assert decision.tallies == {"full": 1}


def test_the_rules_own_limit_binds_where_the_partner_set_none():
    field = Field([partner(A, open_leads=2)])

    assert chosen(field.decide(LEAD, terms(Method.ROUND_ROBIN, max_open=2), "x")) == []
    assert chosen(field.decide(LEAD, terms(Method.ROUND_ROBIN, max_open=3), "x")) == [A]


def test_fit_counts_skills_then_tier_then_room():
    lead = replace(LEAD, skills=frozenset({"mes", "sap"}))
    field = Field([
        partner(A, skills=frozenset({"mes"}), tier_rank=4),
        partner(B, skills=frozenset({"mes", "sap"}), tier_rank=1),
        partner(C, skills=frozenset({"crm"}), tier_rank=4),
    ])  # fmt: skip

    decision = field.decide(lead, terms(Method.FIT, skills=Skills.ANY, max_open=10), "x")

    assert [(one.partner_id, one.score) for one in decision.kept if not one.why_not] == [(B, 600 + 62 + 150), (A, 300 + 250 + 150)]
    assert reasons(decision)[C] == "skills"


@pytest.mark.parametrize(
    ("values", "asked", "why"),
    [
        ({"barrier": "closed"}, {}, "closed"),
        ({"barrier": "paused"}, {}, "paused"),
        ({"tier_rank": 1}, {"min_tier": 2}, "tier"),
        ({"countries": frozenset({"SE"})}, {}, "country"),
        ({"open_leads": 4, "max_open": 4}, {}, "full"),
    ],
)
def test_everybody_left_out_says_why(values, asked, why):
    decision = Field([partner(A, **values)]).decide(LEAD, terms(Method.ROUND_ROBIN, **asked), "x")

    assert chosen(decision) == []
    assert reasons(decision) == {A: why}
    assert decision.tallies == {why: 1}


def test_a_decliner_is_never_chosen_again_and_others_are():
    field = Field([partner(A, weight=100), partner(B, weight=1)])

    decision = field.decide(replace(LEAD, barred={A: "declined"}), terms(Method.GEOGRAPHY), "x")

    assert chosen(decision) == [B]
    assert reasons(decision)[A] == "declined"


def test_a_partner_without_countries_serves_all_and_reach_anywhere_passes_borders():
    field = Field([partner(A, countries=frozenset()), partner(B, countries=frozenset({"PT"}))])

    assert field.decide(LEAD, terms(Method.FIT), "x").eligible == 1
    assert field.decide(LEAD, terms(Method.FIT, reach=Reach.ANYWHERE), "x").eligible == 2


def test_geography_widens_its_box_until_somebody_stands_inside():
    near, wide, wider = (partner(one, latitude=lat, longitude=24.9) for one, lat in ((A, 61.9), (B, 63.9), (C, 68.1)))
    country, far = partner(D), partner(UUID(int=9), countries=frozenset({"PT"}))

    assert [ring_of(one, LEAD) for one in (near, wide, wider, country, far)] == [1, 2, 3, SAME_COUNTRY, ANYWHERE]
    assert chosen(Field([wide, wider, country]).decide(LEAD, terms(Method.GEOGRAPHY), "x")) == [B]
    assert chosen(Field([wider, country]).decide(LEAD, terms(Method.GEOGRAPHY), "x")) == [C]
    assert chosen(Field([country, far]).decide(LEAD, terms(Method.GEOGRAPHY, reach=Reach.ANYWHERE), "x")) == [D]


def test_beyond_the_country_the_nearest_partner_has_it_whatever_the_weights():
    lisbon = partner(A, countries=frozenset({"PT"}), latitude=38.72, longitude=-9.14, weight=100)
    lviv = partner(B, countries=frozenset({"UA"}), latitude=50.0, longitude=24.1, weight=1)
    nowhere = partner(C, countries=frozenset({"US"}), weight=100)

    decision = Field([lisbon, lviv, nowhere]).decide(LEAD, terms(Method.GEOGRAPHY, reach=Reach.ANYWHERE), "x")

    assert ring_of(lviv, LEAD) == ANYWHERE
    assert chosen(decision) == [B]
    assert [distance_between(one, LEAD) for one in (lisbon, lviv, nowhere)] == [3360, 1135, None]
    alone = Field([replace(lisbon, latitude=None, longitude=None), nowhere]).decide(LEAD, terms(Method.GEOGRAPHY, reach=Reach.ANYWHERE), "x")
    assert chosen(alone)[0] in (A, C)


def test_the_box_closes_over_the_date_line():
    fiji = LeadFacts(country="FJ", latitude=-17.0, longitude=179.5)

    assert ring_of(Candidate(A, latitude=-17.0, longitude=-179.5), fiji) == 1


def test_weights_are_kept_over_many_leads_and_the_same_seed_gives_the_same_partner():
    field = Field([partner(A, weight=3), partner(B, weight=1), partner(C, weight=0)])
    won = [chosen(field.decide(LEAD, terms(Method.GEOGRAPHY), f"lead-{number}"))[0] for number in range(4000)]

    assert won == [chosen(field.decide(LEAD, terms(Method.GEOGRAPHY), f"lead-{number}"))[0] for number in range(4000)]
    assert won.count(C) == 0
    assert 2850 < won.count(A) < 3150


def test_draw_is_the_first_eight_digits_of_md5_modulo_the_weights():
    assert draw("seed", [1, 1, 1, 1]) == int("fe4c0f30", 16) % 4
    assert draw("seed", []) is None
    assert draw("seed", [0, 0]) == int("fe4c0f30", 16) % 2


def test_first_claim_is_offered_to_the_best_ones_at_once():
    field = Field([partner(A, tier_rank=1), partner(B, tier_rank=3), partner(C, tier_rank=2)])

    assert chosen(field.decide(LEAD, terms(Method.CLAIM, width=2), "x")) == [B, C]


def test_by_hand_chooses_nobody_and_still_shows_who_fits():
    decision = Field([partner(A)]).decide(LEAD, terms(Method.MANUAL), "x")

    assert (chosen(decision), decision.eligible, [one.partner_id for one in decision.kept]) == ([], 1, [A])


def test_a_protected_customer_goes_to_its_partner_even_out_of_area_and_to_nobody_else():
    field = Field([partner(A, countries=frozenset({"SE"})), partner(B)])
    lead = replace(LEAD, protected_by=A)

    decision = field.decide(lead, terms(Method.ROUND_ROBIN), "x")

    assert chosen(decision) == [A]
    assert reasons(decision)[B] == "protected"
    assert chosen(field.decide(replace(lead, barred={A: "declined"}), terms(Method.ROUND_ROBIN), "x")) == []
    assert field.check(B, lead, terms(Method.ROUND_ROBIN)) == "protected"


def test_of_many_candidates_the_best_some_left_out_and_all_counts_are_kept():
    many = [partner(UUID(int=number), tier_rank=number % 5) for number in range(100, 300)]
    closed = [partner(UUID(int=number), barrier="closed") for number in range(300, 400)]

    decision = Field(many + closed).decide(LEAD, terms(Method.FIT, max_open=5), "x")

    assert decision.eligible == 200
    assert decision.tallies == {"closed": 100}
    assert len([one for one in decision.kept if not one.why_not]) == 10
    assert len([one for one in decision.kept if one.why_not]) == 5


def _somebody(chance, number):
    somewhere = chance.random() < 0.9
    return Candidate(
        partner_id=UUID(int=number),
        countries=frozenset(chance.sample(["FI", "SE"], chance.randint(0, 2))),
        skills=frozenset(chance.sample(["mes", "sap", "iot"], chance.randint(0, 3))),
        latitude=chance.uniform(50, 70) if somewhere else None,
        longitude=chance.uniform(15, 35) if somewhere else None,
        tier_rank=chance.randint(0, 3),
        weight=chance.randint(0, 3),
        open_leads=chance.randint(0, 2),
        max_open=chance.randint(0, 6),
        barrier=chance.choice(["", "", "", "", "paused"]),
    )


def _any_lead(chance, partners):
    placed = chance.random() < 0.8
    return LeadFacts(
        country=chance.choice(["FI", "SE", ""]),
        latitude=chance.uniform(50, 70) if placed else None,
        longitude=chance.uniform(15, 35) if placed else None,
        skills=frozenset(chance.sample(["mes", "sap"], chance.randint(0, 2))),
        barred=dict.fromkeys(chance.sample(partners, chance.choice([0, 0, 3])), "declined"),
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_field_that_decided_many_leads_decides_the_next_as_one_that_is_made_anew(seed):
    chance = Random(seed)
    field = Field([_somebody(chance, number) for number in range(1, chance.choice([8, 60]))])
    partners = sorted(field.by_id)

    for moment in range(1, 121):
        lead = _any_lead(chance, partners[: max(3, len(partners))])
        how = terms(chance.choice(list(Method)), skills=chance.choice(list(Skills)), reach=chance.choice(list(Reach)), max_open=chance.randint(1, 8), width=3)
        decision = field.decide(lead, how, str(moment))

        assert decision == Field(deepcopy(field.candidates)).decide(lead, how, str(moment))
        assert sum(decision.tallies.values()) + decision.eligible == len(partners)
        for scored in decision.chosen:
            assert field.check(scored.partner_id, lead, how) == ""
            field.take(scored.partner_id, moment, opens=0 if how.method == Method.CLAIM else 1)
