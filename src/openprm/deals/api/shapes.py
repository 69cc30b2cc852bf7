"""Results of the queries as the API's schemas: money taken apart, each side its own."""

from typing import Any

from openprm.deals.api.catalogue_schemas import ProductOut
from openprm.deals.api.schemas import (
    DecisionOut,
    FindingOut,
    GrantOut,
    LineOut,
    PartnerRegistrationOut,
    PartnerRowOut,
    PromiseOut,
    StepOut,
    VendorRegistrationOut,
    VendorRowOut,
)
from openprm.deals.api.standing_schemas import OpportunityOut
from openprm.deals.queries import LineView, OpportunityView, PartnerRegistration, PartnerRow, ProductView, VendorRegistration, VendorRow
from openprm.kernel.money import Money


def _minor(name: str, money: Money | None) -> dict[str, Any]:
    currency = name.replace("amount", "currency") if name != "amount" else "currency"
    return {f"{name}_minor": money.minor if money else None, currency: money.currency if money else ""}


def _taken(schema: type, source: Any, **more: Any) -> dict[str, Any]:
    """The fields that `source` has under the schema's own names."""
    return {name: getattr(source, name) for name in schema.model_fields if name not in more and hasattr(source, name)} | more


def row(found: VendorRow | PartnerRow) -> VendorRowOut | PartnerRowOut:
    schema: type = VendorRowOut if isinstance(found, VendorRow) else PartnerRowOut
    return schema(**_taken(schema, found, **_minor("amount", found.amount), **_minor("base_amount", found.base_amount)))


def registration(found: VendorRegistration | PartnerRegistration) -> VendorRegistrationOut | PartnerRegistrationOut:
    return _vendor(found) if isinstance(found, VendorRegistration) else _partner(found)


def _vendor(found: VendorRegistration) -> VendorRegistrationOut:
    findings = [FindingOut(**_taken(FindingOut, one)) for one in found.findings]
    return VendorRegistrationOut(**_taken(VendorRegistrationOut, found, findings=findings, **_shared(found)))


def _partner(found: PartnerRegistration) -> PartnerRegistrationOut:
    more = {"findings": list(found.findings), "editable_fields": sorted(found.editable_fields)}
    return PartnerRegistrationOut(**_taken(PartnerRegistrationOut, found, **more, **_shared(found)))


def _shared(found: VendorRegistration | PartnerRegistration) -> dict[str, Any]:
    return {
        **_minor("amount", found.amount),
        **_minor("base_amount", found.base_amount),
        "lines": [line(one) for one in found.lines],
        "promise": PromiseOut(**_taken(PromiseOut, found.promise)) if found.promise else None,
        "steps": [StepOut(**_taken(StepOut, one)) for one in found.steps],
        "decisions": [DecisionOut(**_taken(DecisionOut, one, would_change=list(one.would_change))) for one in found.decisions],
        "grants": [GrantOut(**_taken(GrantOut, one)) for one in found.grants],
        "protected_until": found.window.ends_at if found.window else None,
        "returned_fields": list(found.returned_fields),
    }


def line(found: LineView) -> LineOut:
    return LineOut(**_taken(LineOut, found, **_minor("amount", found.amount)))


def product(found: ProductView) -> ProductOut:
    price = found.list_price
    names = {"product_line_id": found.line_id, "product_line": found.line}
    return ProductOut(**_taken(ProductOut, found, **names, list_price_minor=price.minor if price else None, currency=price.currency if price else ""))


def opportunity(found: OpportunityView) -> OpportunityOut:
    return OpportunityOut(**_taken(OpportunityOut, found, **_minor("amount", found.amount)))
