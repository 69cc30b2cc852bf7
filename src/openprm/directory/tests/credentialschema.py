"""The form that Open Badges 3.0 prescribes for a credential, as far as our badges use it, in our own words.

Written from the standard's data model: the required properties of each class, and the closed lists of values.
"""

URI = {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:.+"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}


def _object(required: list[str], closed: bool = False, **properties):
    return {"type": "object", "required": required, "properties": properties} | ({"additionalProperties": False} if closed else {})


def _types(*needed: str):
    return {"type": "array", "minItems": 1, "items": {"type": "string"}, "allOf": [{"contains": {"const": one}} for one in needed]}


IMAGE = _object(["id", "type"], closed=True, id=URI, type={"const": "Image"}, caption={"type": "string"})
IDENTITY = _object(
    ["type", "hashed", "identityHash", "identityType"],
    type={"const": "IdentityObject"},
    hashed={"type": "boolean"},
    identityHash={"type": "string", "minLength": 1},
    identityType={"enum": ["name", "sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress", "isbn", "issn", "identifier"]},
)
ACHIEVEMENT = _object(
    ["id", "type", "name", "description", "criteria"],
    id=URI,
    type=_types("Achievement"),
    achievementType={"enum": ["Achievement", "Award", "Badge", "Certificate", "Certification", "Competency", "License", "Membership"]},
    name={"type": "string", "minLength": 1},
    description={"type": "string", "minLength": 1},
    criteria=_object([], id=URI, narrative={"type": "string"}),
    image=IMAGE,
)
STATUS = _object(
    ["id", "type", "statusPurpose", "statusListIndex", "statusListCredential"],
    id=URI,
    type={"const": "BitstringStatusListEntry"},
    statusPurpose={"const": "revocation"},
    statusListIndex={"type": "string", "pattern": r"^\d+$"},
    statusListCredential=URI,
)
OPEN_BADGE_CREDENTIAL = _object(
    ["@context", "id", "type", "issuer", "validFrom", "credentialSubject"],
    **{
        "@context": {
            "type": "array",
            "minItems": 2,
            "prefixItems": [{"const": "https://www.w3.org/ns/credentials/v2"}],
            "contains": {"pattern": r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.0\.\d+)?\.json$"},
        },
        "id": URI,
        "type": _types("VerifiableCredential", "OpenBadgeCredential"),
        "issuer": _object(["id", "type"], id=URI, type=_types("Profile"), name={"type": "string"}, url=URI),
        "validFrom": MOMENT,
        "validUntil": MOMENT,
        "credentialSubject": _object(
            ["type", "achievement"], id=URI, type=_types("AchievementSubject"), identifier={"type": "array", "items": IDENTITY}, achievement=ACHIEVEMENT
        ),
        "credentialStatus": STATUS,
        "credentialSchema": {"type": "array", "items": _object(["id", "type"], id=URI, type={"const": "1EdTechJsonSchemaValidator2019"})},
    },
)
