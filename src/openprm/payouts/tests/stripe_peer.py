"""A peer that speaks as the published contract says: it refuses a field, a type or a header that the contract does not know,
answers with every property that the contract requires, and keeps idempotency keys. In a thread of the test's process."""

import hmac
import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

CONTRACT = json.loads((Path(__file__).parent / "stripe_contract.json").read_text())
SECRET = "whsec_for_the_tests_only"
TYPES: dict[str, Any] = {"integer": int, "string": str, "boolean": bool, "array": list, "object": dict, "number": (int, float)}
DEFAULTS = {"integer": 0, "string": "", "boolean": False, "array": [], "object": {}}


@dataclass
class Peer:
    """What the provider knows: transfers, payouts, accounts; `calls` counts requests, `made` what was made for each of our payments."""

    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    payouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    refuse: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    calls: Counter = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    slow: float = 0.0
    lock: Any = field(default_factory=threading.Lock)

    def start(self) -> "Peer":
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("GET", dict(parse_qsl(urlsplit(self.path).query)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                self._answer("POST", dict(parse_qsl(body)))

            def _answer(self, method: str, values: dict[str, str]) -> None:
                status, found = peer.handle(method, urlsplit(self.path).path, values, self.headers)
                time.sleep(peer.slow if method == "POST" else 0)
                content = json.dumps(found).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    return

            def log_message(self, *_args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def handle(self, method: str, path: str, values: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        with self.lock:
            name, given = _operation(method, path)
            self.calls[name] += 1
            if problem := _problem(name, values, headers):
                self.problems.append(problem)
                return 400, _error("invalid_request_error", problem)
            if name in self.refuse:
                return self.refuse[name]
            key = headers.get("Idempotency-Key", "")
            if method == "POST" and not key:
                self.problems.append(f"{name} without an idempotency key")
            if key and key in self.answers:
                return self.answers[key]
            answer = getattr(self, _METHODS[name])(given, values, headers)
            self.problems += _answer_problems(name, *answer)
            if key:
                self.answers[key] = answer
            return answer

    def list_transfers(self, _given: str, values: dict[str, str], _headers: Any) -> tuple[int, dict[str, Any]]:
        rows = [row for row in self.transfers.values() if row["transfer_group"] == values.get("transfer_group", row["transfer_group"])]
        return 200, _list("/v1/transfers", rows)

    def make_transfer(self, _given: str, values: dict[str, str], _headers: Any) -> tuple[int, dict[str, Any]]:
        row = _made("transfer", f"tr_{len(self.transfers) + 1:06d}", values)
        row |= {"transfer_group": values["transfer_group"], "destination": values["destination"], "reversals": _list("/v1/transfers/x/reversals", [])}
        self.transfers[row["id"]] = row
        return 200, row

    def read_transfer(self, given: str, _values: dict[str, str], _headers: Any) -> tuple[int, dict[str, Any]]:
        return (200, self.transfers[given]) if given in self.transfers else (404, _error("invalid_request_error", "No such transfer"))

    def reverse(self, given: str, values: dict[str, str], _headers: Any) -> tuple[int, dict[str, Any]]:
        row = self.transfers[given]
        if row["reversed"]:
            return 400, _error("invalid_request_error", "Transfer is already fully reversed.")
        row["reversed"], row["amount_reversed"] = True, row["amount"]
        made = _made("transfer_reversal", f"trr_{given}", {**values, "amount": str(row["amount"]), "currency": row["currency"]})
        return 200, made | {"transfer": given}

    def list_payouts(self, _given: str, _values: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        rows = [row for row in self.payouts.values() if row["account"] == headers["Stripe-Account"]]
        return 200, _list("/v1/payouts", [{key: value for key, value in row.items() if key != "account"} for row in rows])

    def make_payout(self, _given: str, values: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        row = _made("payout", f"po_{len(self.payouts) + 1:06d}", values) | {"status": "pending", "method": "standard", "type": "bank_account"}
        self.payouts[row["id"]] = row | {"account": headers["Stripe-Account"]}
        return 200, row

    def read_account(self, given: str, _values: dict[str, str], _headers: Any) -> tuple[int, dict[str, Any]]:
        found = self.accounts.get(given)
        return (200, found) if found else (404, _error("invalid_request_error", f"No such account: {given}"))

    def made(self) -> Counter:
        """How many live transfers there are for each of our payments."""
        return Counter(row["metadata"]["payout"] for row in self.transfers.values() if not row["reversed"])

    def paid_out(self) -> Counter:
        return Counter(row["metadata"]["payout"] for row in self.payouts.values() if row["status"] not in ("failed", "canceled"))


_METHODS = {
    "GET /v1/transfers": "list_transfers",
    "POST /v1/transfers": "make_transfer",
    "GET /v1/transfers/{transfer}": "read_transfer",
    "POST /v1/transfers/{id}/reversals": "reverse",
    "GET /v1/payouts": "list_payouts",
    "POST /v1/payouts": "make_payout",
    "GET /v1/accounts/{account}": "read_account",
}


def _operation(method: str, path: str) -> tuple[str, str]:
    for name in CONTRACT["operations"]:
        verb, shape = name.split(" ")
        found = re.fullmatch(re.sub(r"\{\w+\}", r"([^/]+)", shape), path)
        if verb == method and found:
            return name, found.group(1) if found.groups() else ""
    raise AssertionError(f"{method} {path} is not in the contract")


def _problem(name: str, values: dict[str, str], headers: Any) -> str:
    """What the contract does not know about a request."""
    operation = CONTRACT["operations"][name]
    if headers.get("Stripe-Version") != CONTRACT["version"] or not headers.get("Authorization", "").startswith("Bearer sk_"):
        return "wrong version or no key"
    fields = {key.split("[")[0] for key in values}
    known = set(operation["form"]) if name.startswith("POST") else set(operation["query"])
    if unknown := fields - known:
        return f"unknown parameter: {sorted(unknown)}"
    if missing := set(operation["required"]) - fields:
        return f"missing parameter: {sorted(missing)}"
    wrong = [key for key in fields if not _is_formed(key, operation["form"].get(key, {}), values)]
    return f"not of its type: {wrong}" if wrong else ""


def _is_formed(name: str, shape: dict[str, Any], values: dict[str, str]) -> bool:
    """Whether a field of a form is written as its type is: a number, one of its words, or name[key] for an object."""
    kinds = {shape.get("type"), *shape.get("anyOf", ())} - {None}
    plain = values.get(name)
    if plain is None:
        return "object" in kinds or not kinds
    if shape.get("enum") and plain not in shape["enum"]:
        return False
    return plain.isdigit() if kinds == {"integer"} else plain in ("true", "false") if kinds == {"boolean"} else kinds != {"object"}


def _answer_problems(name: str, status: int, found: dict[str, Any]) -> list[str]:
    """Where an answer is not what the contract promises: so the adapter is tested against the document and not against our own idea of it."""
    operation = CONTRACT["operations"][name]
    if status != 200:
        return shape_problems("api_errors", found["error"])
    if operation["answer"] != "list":
        return shape_problems(operation["answer"], found)
    missing = [f"{name} without {key}" for key in operation["list_required"] if key not in found]
    return missing + [problem for row in found["data"] for problem in shape_problems(operation["of"], row)]


def shape_problems(schema: str, row: dict[str, Any]) -> list[str]:
    """Properties that the contract does not know, that it requires and that are not there, and values of another type."""
    shape = CONTRACT["schemas"][schema]
    found = [f"{schema}.{key} is missing" for key in shape["required"] if key not in row]
    found += [f"{schema}.{key} is not known" for key in row if key not in shape["properties"]]
    return found + [f"{schema}.{key}: {value!r}" for key, value in row.items() if not _is_shaped(shape["properties"].get(key), value)]


def _is_shaped(shape: dict[str, Any] | None, value: Any) -> bool:
    if shape is None or (value is None and shape.get("nullable")):
        return True
    if shape.get("ref"):
        return isinstance(value, dict) and (shape["ref"] not in CONTRACT["schemas"] or not shape_problems(shape["ref"], value))
    if shape.get("enum") and value not in shape["enum"]:
        return False
    kinds = {shape["type"]} if "type" in shape else set(shape.get("anyOf", ()))
    return not kinds or any(isinstance(value, TYPES[kind]) and (kind != "integer" or not isinstance(value, bool)) for kind in kinds)


def _made(schema: str, row_id: str, values: dict[str, str]) -> dict[str, Any]:
    """An object with every property that the contract requires, of the type it says."""
    shape = CONTRACT["schemas"][schema]
    row = {key: DEFAULTS.get(shape["properties"][key].get("type")) for key in shape["required"]}
    metadata = {key[9:-1]: value for key, value in values.items() if key.startswith("metadata[")}
    row |= {"id": row_id, "object": schema, "created": int(time.time()), "metadata": metadata, "currency": values.get("currency", "")}
    row |= {"amount": int(values["amount"])} if "amount" in values else {}
    return {key: value for key, value in row.items() if key in shape["properties"]}


def account(row_id: str, *, ready: bool = True, needs: tuple[str, ...] = ()) -> dict[str, Any]:
    """An account as the contract describes it."""
    row = _made("account", row_id, {})
    capabilities, requirements = {"transfers": "active" if ready else "pending"}, {"currently_due": list(needs)}
    return row | {"payouts_enabled": ready, "capabilities": capabilities, "requirements": requirements}


def _list(url: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"object": "list", "url": url, "has_more": False, "data": rows}


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message}}


def event(event_id: str, kind: str, subject: dict[str, Any]) -> bytes:
    row = _made("event", event_id, {}) | {"type": kind, "data": {"object": subject}}
    return json.dumps(row).encode()


def signed(body: bytes, at: Any, secret: str = SECRET) -> str:
    stamp = int(at.timestamp())
    return f"t={stamp},v1={hmac.new(secret.encode(), f'{stamp}.'.encode() + body, sha256).hexdigest()}"
