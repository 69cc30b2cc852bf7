"""Stripe Connect: a transfer to the payee's account, a payout from there to its bank, and signed events. Standard library only."""

import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from openprm.payouts.ports import AccountState, PayOrder, ProviderDown, ProviderNews, ProviderRefusal

VERSION = "2020-08-27"
TIMEOUT, TOLERANCE, PAGE = 15, 300, 100
AGAIN = frozenset({"idempotency_error", "rate_limit_error", "api_error", "api_connection_error"})


class StripeConnect:
    """One platform account. `url` is another one only in tests."""

    def __init__(self, facts: Mapping[str, str], secret: Mapping[str, str]):
        self._url, self._key, self._webhook = facts["url"], secret["api_key"], secret["webhook_secret"]

    def find_transfer(self, order: PayOrder) -> str | None:
        """The transfer that was made for this payment before, whole and not taken back."""
        found = self._ask("GET", "/v1/transfers", {"transfer_group": str(order.id), "limit": PAGE})["data"]
        return next((row["id"] for row in found if not row["reversed"]), None)

    def transfer(self, order: PayOrder) -> str:
        values = {
            "amount": order.amount_minor, "currency": order.currency.lower(), "destination": order.account, "transfer_group": str(order.id),
            "description": order.number, "metadata": {"payout": str(order.id), "number": order.number},
        }  # fmt: skip
        return self._ask("POST", "/v1/transfers", values, key=f"{order.id}-transfer")["id"]

    def find_payout(self, order: PayOrder) -> str | None:
        """The payout that was made for this payment before and neither failed nor was cancelled."""
        since = {"created": {"gte": int(order.since.timestamp())}} if order.since else {}
        for row in self._pages("/v1/payouts", since, account=order.account):
            if (row.get("metadata") or {}).get("payout") == str(order.id) and row["status"] not in ("failed", "canceled"):
                return row["id"]
        return None

    def pay_out(self, order: PayOrder) -> str:
        values = {
            "amount": order.amount_minor, "currency": order.currency.lower(), "description": order.number,
            "metadata": {"payout": str(order.id), "number": order.number},
        }  # fmt: skip
        return self._ask("POST", "/v1/payouts", values, key=f"{order.id}-payout", account=order.account)["id"]

    def take_back(self, order: PayOrder, transfer_ref: str) -> None:
        """Reverse the whole transfer; one that is reversed already stays so."""
        if transfer_ref and not self._ask("GET", f"/v1/transfers/{quote(transfer_ref, safe='')}", {})["reversed"]:
            path = f"/v1/transfers/{quote(transfer_ref, safe='')}/reversals"
            self._ask("POST", path, {"metadata": {"payout": str(order.id)}}, key=f"{order.id}-reversal")

    def account(self, account: str) -> AccountState:
        return _state(self._ask("GET", f"/v1/accounts/{quote(account, safe='')}", {}))

    def read_event(self, *, header: str, body: bytes, at: datetime) -> ProviderNews:
        """The event in our words. Raises PermissionError (signature), ValueError (no event)."""
        check_signature(self._webhook, header, body, at)
        event = json.loads(body)
        if not isinstance(event, dict) or not isinstance(event.get("id"), str) or not isinstance(event.get("data"), dict):
            raise ValueError("no event")
        subject = event["data"].get("object")
        if not isinstance(subject, dict):
            raise ValueError("no object")
        return _news(event["id"][:120], str(event.get("type"))[:80], subject)

    def _pages(self, path: str, values: Mapping[str, Any], *, account: str) -> Iterator[dict[str, Any]]:
        after: dict[str, Any] = {}
        while True:
            answer = self._ask("GET", path, {**values, **after, "limit": PAGE}, account=account)
            yield from answer["data"]
            if not answer["has_more"] or not answer["data"]:
                return
            after = {"starting_after": answer["data"][-1]["id"]}

    def _ask(self, method: str, path: str, values: Mapping[str, Any], *, key: str = "", account: str = "") -> dict[str, Any]:
        """Raises ProviderRefusal for what will never be done, ProviderDown for what may be tried again."""
        query = urlencode(list(_flat(values)))
        headers = {"Authorization": f"Bearer {self._key}", "Stripe-Version": VERSION}
        headers |= ({"Idempotency-Key": key} if key else {}) | ({"Stripe-Account": account} if account else {})
        body = query.encode() if method == "POST" else None
        url = f"{self._url}{path}" + (f"?{query}" if query and method == "GET" else "")
        try:
            with urlopen(Request(url, body, headers, method=method), timeout=TIMEOUT) as answer:  # noqa: S310  an https address, checked when it was saved
                return json.load(answer)
        except HTTPError as error:
            raise _refusal(error) from None
        except (URLError, OSError, ValueError) as error:
            raise ProviderDown(f"Stripe could not be asked: {error}") from None


def _flat(values: Mapping[str, Any], outer: str = "") -> Iterator[tuple[str, str]]:
    """Nested values as Stripe's forms write them: metadata[number]=PY-000001."""
    for name, value in values.items():
        path = f"{outer}[{name}]" if outer else name
        if isinstance(value, Mapping):
            yield from _flat(value, path)
        else:
            yield path, str(value)


def _refusal(error: HTTPError) -> Exception:
    try:
        problem = json.load(error)["error"]
    except (ValueError, KeyError, TypeError):
        problem = {}
    message = str(problem.get("message") or f"HTTP {error.code}")[:250]
    if error.code in (401, 403, 409, 429) or error.code >= 500 or problem.get("type") in AGAIN or problem.get("code") == "balance_insufficient":
        return ProviderDown(message)
    return ProviderRefusal(message)


def check_signature(secret: str, header: str, body: bytes, at: datetime) -> None:
    """The scheme v1 of Stripe-Signature: an HMAC over "<time>.<body>", not older than five minutes. Raises PermissionError."""
    parts = [part.split("=", 1) for part in header.split(",") if "=" in part]
    times = [value for name, value in parts if name.strip() == "t" and value.isascii() and value.isdigit() and len(value) < 12]
    if not times or abs((at - datetime.fromtimestamp(int(times[0]), UTC)).total_seconds()) > TOLERANCE:
        raise PermissionError("old or without a time")
    wanted = hmac.new(secret.encode(), f"{times[0]}.".encode() + body, sha256).hexdigest()
    if not any(hmac.compare_digest(wanted.encode(), value.encode()) for name, value in parts if name.strip() == "v1"):
        raise PermissionError("wrong signature")


def _state(account: Mapping[str, Any]) -> AccountState:
    needs = (account.get("requirements") or {}).get("currently_due") or []
    transfers = (account.get("capabilities") or {}).get("transfers")
    is_ready = bool(account.get("payouts_enabled")) and transfers in (None, "active")
    note = "" if is_ready else "Needed: " + ", ".join(str(one) for one in needs[:8]) if needs else ""
    return AccountState(is_ready=is_ready, note=note[:300])


def _news(event_id: str, kind: str, subject: Mapping[str, Any]) -> ProviderNews:
    if kind in ("payout.paid", "payout.failed", "payout.canceled"):
        reason = str(subject.get("failure_message") or subject.get("failure_code") or "")
        return ProviderNews(
            event_id=event_id, kind=kind, what="paid" if kind == "payout.paid" else "failed", payout_ref=str(subject.get("id") or ""),
            amount_minor=subject.get("amount"), currency=str(subject.get("currency") or "").upper(), reason=reason,
        )  # fmt: skip
    if kind in ("transfer.reversed", "transfer.updated") and subject.get("reversed"):
        return ProviderNews(event_id=event_id, kind=kind, what="reversed", transfer_ref=str(subject.get("id") or ""), reason="The transfer was reversed.")
    if kind == "account.updated":
        return ProviderNews(event_id=event_id, kind=kind, what="account", account=str(subject.get("id") or ""), state=_state(subject))
    return ProviderNews(event_id=event_id, kind=kind, what="")
