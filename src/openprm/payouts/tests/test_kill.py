"""kill -9 in the middle of a payout run: it resumes, and nothing is paid twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from openprm.earnings import services as earnings
from openprm.earnings.models import Earning
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books
from openprm.partners import services as partners
from openprm.payouts import services
from openprm.payouts.models import Payee, Payout
from openprm.payouts.tests.stripe_peer import SECRET, Peer, account, event, signed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CHECKOUT = Path(__file__).resolve().parents[4]
PAYEES, KILLS = 12, 3


def _payee(number: int, at) -> object:
    name = f"Partner {number:02d} Oy"
    partner_id = partners.create_partner(actor=SYSTEM, name=name, country="FI", type="var", at=at)
    values = {"legal_name": name, "kind": "person", "country": "FI", "method": "provider", "provider_account": f"acct_{number:04d}"}
    services.save_payee(actor=SYSTEM, partner_id=partner_id, values=values, at=at)
    Payee.objects.filter(partner_id=partner_id).update(provider_ready=True)
    return partner_id


def _payer() -> subprocess.Popen:
    found = {key: connection.settings_dict[key] for key in ("NAME", "USER", "HOST", "PORT", "PASSWORD")}
    environ = os.environ | {"PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'src'}"}
    return subprocess.Popen([sys.executable, "-m", "openprm.payouts.tests.payer", json.dumps(found)], env=environ)


def _owe(partner_id: object, minor: int, at) -> None:
    values = {"amount_minor": minor, "currency": "EUR", "label": "Commission", "occurred_on": at.date()}
    earnings.bring_in(actor=SYSTEM, partner_id=partner_id, at=at, **values)


def _paid(peer: Peer, at) -> None:
    """The provider tells that each payment arrived, twice."""
    for row in 2 * list(peer.payouts.values()):
        body = event(f"evt_{row['id']}", "payout.paid", row)
        assert services.receive_event(code="stripe", header=signed(body, at), body=body, at=at) == "completed"


def test_a_run_that_is_killed_again_and_again_pays_each_payee_once(committed_db, cast, at):
    peer = Peer(slow=0.25).start()
    try:
        with scope(cast.vendor_admin):
            values = {"kind": "stripe", "name": "Halden", "url": peer.url, "api_key": "sk_test_000000000000", "webhook_secret": SECRET}
            services.save_account(actor=cast.vendor_admin, values=values, at=at)
        with system_scope():
            ids = [_payee(number, at) for number in range(PAYEES)]
            for number, partner_id in enumerate(ids):
                peer.accounts[f"acct_{number:04d}"] = account(f"acct_{number:04d}")
                _owe(partner_id, 100_00 + number, at)
        with scope(cast.finance_manager):
            run_id = services.prepare(actor=cast.finance_manager, at=at)
        with scope(cast.vendor_admin):
            services.approve(actor=cast.vendor_admin, run_id=run_id, at=at)
            services.send(actor=cast.vendor_admin, run_id=run_id, at=at)

        for kill in range(KILLS):
            payer, goal = _payer(), (kill + 1) * (PAYEES // (KILLS + 1))
            until = time.monotonic() + 60
            while len(peer.transfers) < goal and payer.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            payer.kill()
            payer.wait(30)
            assert payer.returncode == -signal.SIGKILL
            peer.answers.clear()
        last = _payer()
        assert last.wait(120) == 0

        with system_scope():
            states = list(Payout.objects.values_list("state", flat=True))
            assert states == ["sent"] * PAYEES
            flight = {owner: -minor for (owner, _subject, _currency), minor in books.balances("payouts.in_flight").items() if minor}
            assert flight == {partner_id: 100_00 + number for number, partner_id in enumerate(ids)}
            assert all(minor == 0 for minor in books.balances("partner.payable").values())
        assert list(peer.made().values()) == [1] * PAYEES
        assert list(peer.paid_out().values()) == [1] * PAYEES
        assert (len(peer.transfers), len(peer.payouts), peer.problems) == (PAYEES, PAYEES, [])

        _paid(peer, at)
        with system_scope():
            assert list(Earning.objects.values_list("state", flat=True)) == ["paid"] * PAYEES
            assert -books.balance("cash.bank", currency="EUR") == sum(100_00 + number for number in range(PAYEES))
            assert all(minor == 0 for minor in books.balances("payouts.in_flight").values())
    finally:
        peer.stop()
