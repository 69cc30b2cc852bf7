"""Real connections, real commits: what must stay true when many act at once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from openprm.deals import services
from openprm.deals.models import Opportunity, ProtectionGrant, Registration
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_catalogue, make_draft, make_registration
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.usefixtures("committed_db")
AT_ONCE = 100
CONNECTIONS = 24


def at_once(work: Iterable[Callable[[], Any]]) -> list[Any]:
    """Run all pieces over many connections, begun together; a refusal is an answer, anything else rises."""
    work = list(work)
    gate = threading.Barrier(min(CONNECTIONS, len(work)))

    def run(place: int, piece: Callable[[], Any]) -> Any:
        if place < gate.parties:
            gate.wait(60)
        try:
            return piece()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(gate.parties) as pool:
        return [future.result(120) for future in [pool.submit(run, place, piece) for place, piece in enumerate(work)]]


def approving(actor, registration_id, at):
    def piece():
        with scope(actor):
            return services.approve(actor=actor, registration_id=registration_id, at=at)

    return piece


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


def both_products(catalogue):
    return tuple(LineDraft(product_id=product.pk, amount_minor=30_000_00) for product in (catalogue.mes_core, catalogue.edge_gateway))


def test_of_a_hundred_simultaneous_approvals_for_one_customer_and_product_one_wins(cast, catalogue, at):
    ids = []
    for number in range(AT_ONCE // 2):
        for rep in (cast.partner_rep, cast.other_partner_rep):
            moment = at + timedelta(seconds=number)
            made = make_registration(rep, catalogue, at=moment, lines=both_products(catalogue)) if number < 45 else None
            ids += [made.registration_id] if made else []
    ids += ids[: AT_ONCE - len(ids)]

    answers = at_once(approving(cast.vendor_admin, registration_id, at + timedelta(hours=1)) for registration_id in ids)

    outcome = Counter(type(answer).__name__ for answer in answers)
    assert outcome["Approved"] == 1
    assert set(outcome) <= {"Approved", "AccountAlreadyProtected", "NotAllowed"}
    with system_scope():
        assert Registration.objects.filter(status="approved").count() == 1
        assert ProtectionGrant.objects.filter(status="active", product_line=catalogue.mes).count() == 1
        assert ProtectionGrant.objects.count() == 2
        assert Opportunity.objects.count() == 1


def test_bulk_approvals_in_opposite_orders_do_not_wait_for_each_other_in_a_circle(cast, catalogue, at):
    ids = [
        make_registration(cast.partner_rep, catalogue, at=at, customer_name=name, customer_domain=f"{name.lower()}.example").registration_id
        for name in ("Atrium", "Lumen", "Pelican", "Vega", "Corvin", "Castell")
    ]

    def bulk(order):
        def piece():
            with scope(cast.vendor_admin):
                return services.bulk_approve(actor=cast.vendor_admin, registration_ids=order, at=at)

        return piece

    answers = at_once(bulk(order) for order in [ids, ids[::-1]] * 6)

    assert sum(len(answer.approved) for answer in answers) == 6
    with system_scope():
        assert ProtectionGrant.objects.filter(status="active").count() == 6


def test_twins_for_an_unknown_customer_make_one_account(cast, catalogue, at):
    def claim(actor):
        def piece():
            with scope(actor):
                return services.register(actor=actor, draft=make_draft(catalogue), at=at)

        return piece

    answers = at_once(claim(actor) for actor in [cast.partner_rep, cast.other_partner_rep] * 10)

    assert {type(answer).__name__ for answer in answers} == {"Submitted"}
    with system_scope():
        assert len(set(Registration.objects.values_list("account_id", flat=True))) == 1
        assert Registration.objects.filter(verdict="none").count() == 1


def test_a_partner_never_passes_its_capacity(cast, catalogue, at, monkeypatch):
    from openprm.deals.services import routing

    real = routing.capacity_of
    monkeypatch.setattr(routing, "capacity_of", lambda partner_id, standing, at: (real(partner_id, standing, at)[0], 5))

    def claim(number):
        def piece():
            with scope(cast.partner_rep):
                draft = make_draft(catalogue, customer_name=f"Customer {number}", customer_domain=f"customer{number}.example")
                return services.register(actor=cast.partner_rep, draft=draft, at=at)

        return piece

    answers = at_once(claim(number) for number in range(20))

    assert Counter(type(answer).__name__ for answer in answers) == {"Submitted": 5, "CapacityReached": 15}
    with system_scope():
        assert Registration.objects.count() == 5


def test_one_draft_is_submitted_once(cast, catalogue, at):
    with scope(cast.partner_rep):
        made = services.save_draft(actor=cast.partner_rep, draft=make_draft(catalogue), at=at)

    def piece():
        with scope(cast.partner_rep):
            return services.submit(actor=cast.partner_rep, registration_id=made.registration_id, at=at)

    answers = at_once([piece] * 20)

    assert Counter(type(answer).__name__ for answer in answers) == {"Submitted": 1, "NotAllowed": 19}


def test_prechecks_at_once_stay_within_the_limit(cast, catalogue, at):
    def ask(number):
        def piece():
            with scope(cast.partner_rep):
                return services.pre_check(actor=cast.partner_rep, customer=f"c{number}.example", product_line_id=catalogue.mes.pk, at=at)

        return piece

    answers = at_once(ask(number) for number in range(40))

    assert Counter(type(answer).__name__ for answer in answers) == {"PrecheckAnswer": 30, "TooManyPrechecks": 10}


def test_two_workers_expire_a_protection_once(cast, catalogue, at):
    from openprm.deals.testing import make_approved

    made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)

    def expire():
        with system_scope():
            return services.expire_due(at=at + timedelta(days=200))

    at_once([expire] * 8)

    from openprm.audit.queries import timeline

    with scope(cast.vendor_admin):
        verbs = [entry.verb for entry in timeline(cast.vendor_admin, made, limit=100)]
    assert verbs.count("deal.expired") == 1
