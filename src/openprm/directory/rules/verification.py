"""Is this badge genuine, in force, and not taken back? Answered from the badge, the issuer's key and the status list alone. Pure.

Every check is a code with a yes or no; `openprm.directory.words` puts them into sentences.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from openprm.directory.rules.statuslist import NotAList, decode, is_set
from openprm.directory.rules.tokens import NotAToken, PublicKey, Unsealed, is_signed_by, read

VALID, EXPIRED, REVOKED, NOT_YET, TAMPERED, UNKNOWN_KEY, NOT_A_BADGE, STATUS_UNUSABLE = (
    "valid", "expired", "revoked", "not_yet", "tampered", "unknown_key", "not_a_badge", "status_unusable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """`is_passed` is None for what could not be checked with what was given."""

    code: str
    is_passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`state` says it in one word; `facts` are what the badge says of itself, empty when it says nothing readable."""

    state: str
    checks: tuple[Check, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return self.state == VALID


def verify(token: str, *, keys: Iterable[PublicKey], at: datetime, status_list: str | None = None) -> Verdict:
    """The verdict on a badge's token. Without a status list, revocation stays unchecked and the verdict says so."""
    try:
        found = read(token)
    except NotAToken:
        return Verdict(state=NOT_A_BADGE)
    return _Examination(token, found, tuple(keys), at, status_list).verdict()


class _Examination:
    """The checks in their order; the first that fails decides, and the rest are left out."""

    def __init__(self, token: str, found: Unsealed, keys: tuple[PublicKey, ...], at: datetime, status_list: str | None):
        self.token, self.found, self.keys, self.at, self.status_list = token, found, keys, at, status_list
        self.payload, self.checks = found.payload, []

    def verdict(self) -> Verdict:
        steps = (self._form, self._key, self._signature, self._claims, self._begun, self._unexpired, self._status)
        state = next((state for state in (step() for step in steps) if state), VALID)
        return Verdict(state=state, checks=tuple(self.checks), facts=facts_of(self.payload) if state != NOT_A_BADGE else {})

    def _note(self, code: str, passed: bool | None, state: str) -> str:
        self.checks.append(Check(code, passed))
        return state if passed is False else ""

    def _form(self) -> str:
        types = self.payload.get("type")
        is_badge = (
            isinstance(types, list) and "VerifiableCredential" in types and not {"OpenBadgeCredential", "AchievementCredential"}.isdisjoint(map(str, types))
        )
        return self._note("form", is_badge and isinstance(self.payload.get("credentialSubject"), dict), NOT_A_BADGE)

    def _key(self) -> str:
        kid = str(self.found.header.get("kid", ""))
        self.key = next((key for key in self.keys if key.answers_to(kid)), None) or (self.keys[0] if len(self.keys) == 1 and not kid else None)
        return self._note("key", self.key is not None, UNKNOWN_KEY)

    def _signature(self) -> str:
        return self._note("signature", self.key is not None and is_signed_by(self.token, self.key), TAMPERED)

    def _claims(self) -> str:
        payload, subject = self.payload, self.payload["credentialSubject"]
        agree = (
            payload.get("iss") == _id_of(payload.get("issuer"))
            and payload.get("jti") == payload.get("id")
            and payload.get("sub") == subject.get("id")
            and payload.get("nbf") == _seconds(payload.get("validFrom"))
            and payload.get("exp") == _seconds(payload.get("validUntil"))
            and (not self.key.issuer or self.key.issuer == payload.get("iss"))
        )
        return self._note("claims", agree, TAMPERED)

    def _begun(self) -> str:
        return self._note("begun", _moment(self.payload.get("nbf")) <= self.at, NOT_YET)

    def _unexpired(self) -> str:
        until = self.payload.get("exp")
        return self._note("unexpired", until is None or self.at < _moment(until), EXPIRED)

    def _status(self) -> str:
        entry = self.payload.get("credentialStatus")
        if not entry or not self.status_list:
            return self._note("status", None if entry else True, "")
        bit = _bit_of(entry, self.status_list, self.keys, self.payload.get("iss"))
        if bit is None:
            return self._note("status_list", False, STATUS_UNUSABLE)
        self.checks.append(Check("status_fresh", _is_fresh(self.status_list, self.at) or None))
        return self._note("status", not bit, REVOKED)


def _bit_of(entry: Any, status_list: str, keys: tuple[PublicKey, ...], issuer: Any) -> bool | None:
    """The badge's bit, or None for a list that is not the issuer's, not genuine, or not the one the badge names."""
    try:
        found = read(status_list)
        payload, subject = found.payload, found.payload["credentialSubject"]
        key = next((key for key in keys if key.answers_to(str(found.header.get("kid", "")))), None)
        is_ours = key is not None and is_signed_by(status_list, key) and payload.get("iss") == issuer == _id_of(payload.get("issuer"))
        is_named = payload.get("id") == entry["statusListCredential"] and subject.get("statusPurpose") == entry["statusPurpose"] == "revocation"
        return is_set(decode(subject["encodedList"]), int(entry["statusListIndex"])) if is_ours and is_named else None
    except (NotAToken, NotAList, KeyError, TypeError, ValueError, AttributeError):
        return None


def _is_fresh(status_list: str, at: datetime) -> bool:
    until = read(status_list).payload.get("exp")
    return until is None or at < _moment(until)


def facts_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a badge says: for showing, never for deciding."""
    subject = payload.get("credentialSubject")
    subject = subject if isinstance(subject, dict) else {}
    achievement = subject.get("achievement") if isinstance(subject.get("achievement"), dict) else {}
    issuer = payload.get("issuer") if isinstance(payload.get("issuer"), dict) else {"id": payload.get("issuer")}
    return {
        "id": _short(payload.get("id")),
        "name": _short(achievement.get("name") or payload.get("name")),
        "partner": _short(_holder(subject)),
        "issuer": _short(issuer.get("name") or issuer.get("id")),
        "issuer_id": _short(issuer.get("id")),
        "valid_from": _short(payload.get("validFrom")),
        "valid_until": _short(payload.get("validUntil")),
    }


def _holder(subject: Mapping[str, Any]) -> Any:
    names = [one.get("identityHash") for one in subject.get("identifier") or () if isinstance(one, dict) and one.get("identityType") == "name"]
    return names[0] if names else subject.get("id")


def _short(value: Any) -> str:
    return str(value)[:300] if value is not None else ""


def _id_of(issuer: Any) -> Any:
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _seconds(text: Any) -> int | None:
    try:
        return int(datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp()) if text is not None else None
    except ValueError:
        return -1


def _moment(seconds: Any) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=UTC)
