"""What is signed: an Open Badges 3.0 credential, and the list that says which ones were taken back. Pure.

Both are W3C Verifiable Credentials 2.0 whose JSON is itself the payload of the token, beside the registered claims.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB_SCHEMA = {"id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json", "type": "1EdTechJsonSchemaValidator2019"}
ACHIEVEMENT_TYPES = {"tier": "Membership", "certificate": "Certification"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    id: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Achieved:
    """What the badge stands for, in the words of the day it was issued."""

    id: str
    kind: str
    name: str
    description: str
    criteria: str
    image: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    list_url: str
    index: int


def did_web(origin: str) -> str:
    """The did:web of an installation: "https://prm.example.com:8443" is did:web:prm.example.com%3A8443."""
    return "did:web:" + urlsplit(origin).netloc.replace(":", "%3A")


def badge(
    *, url: str, issuer: Issuer, partner_id: UUID, partner_name: str, achieved: Achieved, status: StatusEntry, at: datetime, until: datetime | None
) -> dict[str, Any]:
    """The payload of a badge's token."""
    subject = f"urn:uuid:{partner_id}"
    credential: dict[str, Any] = {
        "@context": [VC_CONTEXT, OB_CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achieved.name,
        "issuer": _profile(issuer),
        "validFrom": stamp(at),
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": partner_name, "identityType": "name"}],
            "achievement": {
                "id": achieved.id,
                "type": ["Achievement"],
                "achievementType": ACHIEVEMENT_TYPES[achieved.kind],
                "name": achieved.name,
                "description": achieved.description,
                "criteria": {"narrative": achieved.criteria},
                "image": {"id": achieved.image, "type": "Image"},
            },
        },
        "credentialStatus": {
            "id": f"{status.list_url}#{status.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(status.index),
            "statusListCredential": status.list_url,
        },
        "credentialSchema": [OB_SCHEMA],
    }
    return _with_claims(credential, issuer, subject, at, until)


def status_list(*, url: str, issuer: Issuer, encoded: str, at: datetime, until: datetime) -> dict[str, Any]:
    """The payload of a status list's token."""
    credential = {
        "@context": [VC_CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": stamp(at),
        "credentialSubject": {"id": f"{url}#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded},
    }
    return _with_claims(credential, issuer, f"{url}#list", at, until)


def did_document(did: str, keys: list[tuple[str, dict[str, str]]]) -> dict[str, Any]:
    """The DID document that publishes the keys: pairs of thumbprint and JWK."""
    methods = [{"id": f"{did}#{name}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk} for name, jwk in keys]
    contexts = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"]
    return {"@context": contexts, "id": did, "verificationMethod": methods, "assertionMethod": [method["id"] for method in methods]}


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _profile(issuer: Issuer) -> dict[str, Any]:
    return {"id": issuer.id, "type": ["Profile"], "name": issuer.name, "url": issuer.url}


def _with_claims(credential: dict[str, Any], issuer: Issuer, subject: str, at: datetime, until: datetime | None) -> dict[str, Any]:
    claims: dict[str, Any] = {"iss": issuer.id, "jti": credential["id"], "sub": subject, "nbf": int(at.timestamp())}
    if until:
        credential["validUntil"] = stamp(until)
        claims["exp"] = int(until.timestamp())
    return credential | claims
