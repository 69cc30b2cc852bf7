"""The desk in the middle of its month, for pictures and browser walks."""

from datetime import timedelta
from typing import Any

from openprm.kernel.clock import now
from openprm.kernel.registry import registry
from openprm.kernel.scope import scope, system_scope
from openprm.payouts import queries, services
from openprm.payouts.models import PaymentFile, Payout
from openprm.payouts.ports import SOURCES
from openprm.payouts.testing import TestSource, make_account, make_form, make_payee, make_paying, make_ready


def make_showcase(cast: Any) -> None:
    at = now()
    source, real = TestSource(label="Earnings"), registry.filling
    registry.filling = lambda port: (source,) if port == SOURCES else real(port)  # type: ignore[method-assign]
    make_paying(cast.vendor_admin, at - timedelta(days=40))
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, at - timedelta(days=40))
    make_payee(cast.other_partner_admin, cast.other_partner_id, at - timedelta(days=3), name="Sintra Serviços Lda", country="PT")
    make_form(cast.other_partner_admin, cast.other_partner_id, at - timedelta(days=3), kind="w8bene", number="509442013", country="PT")
    make_account(cast.other_partner_admin, cast.other_partner_id, at - timedelta(days=3), holder="Sintra Serviços Lda", iban="DE89370400440532013000")
    for days, minor in ((38, 1_240_00), (36, 312_50), (35, -80_00)):
        source.owe(cast.partner_id, minor, at=at - timedelta(days=days))
    _settled(cast, at - timedelta(days=30))
    source.owe(cast.partner_id, 2_480_00, at=at - timedelta(days=9))
    source.owe(cast.other_partner_id, 960_00, at=at - timedelta(days=8))
    with scope(cast.finance_manager):
        services.prepare(actor=cast.finance_manager, note="November", at=at - timedelta(hours=4))
    source.owe(cast.partner_id, 640_25, at=at - timedelta(hours=3))
    source.owe(cast.partner_id, 12_00, "USD", at=at - timedelta(hours=3))


def _settled(cast: Any, at: Any) -> None:
    with scope(cast.finance_manager):
        run_id = services.prepare(actor=cast.finance_manager, note="October", at=at)
    with scope(cast.vendor_admin):
        services.approve(actor=cast.vendor_admin, run_id=run_id, at=at)
    with scope(cast.finance_manager):
        services.send(actor=cast.finance_manager, run_id=run_id, at=at)
    with system_scope():
        files = list(PaymentFile.objects.values_list("pk", flat=True))
        payouts = list(Payout.objects.values_list("pk", flat=True))
    with scope(cast.finance_manager):
        for file_id in files:
            services.hand_over(actor=cast.finance_manager, file_id=file_id, at=at)
        for payout_id in payouts:
            services.settle(actor=cast.finance_manager, payout_id=payout_id, at=at + timedelta(days=1))
        assert queries.run(cast.finance_manager, run_id, at).state == "settled"
