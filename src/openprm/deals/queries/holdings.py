"""What hangs on an account in the deals room."""

from uuid import UUID

from openprm.deals.models import Opportunity, ProtectionGrant, Registration, Renewal

MODELS = {"deals.protections": ProtectionGrant, "deals.registrations": Registration, "deals.opportunities": Opportunity, "deals.renewals": Renewal}


def held_by_account(kind: str, account_id: UUID) -> list[UUID]:
    return list(MODELS[kind].objects.filter(account_id=account_id).order_by("pk").values_list("pk", flat=True))
