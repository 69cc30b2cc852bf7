"""Changing an approved deal: small changes apply at once by the published rule, others wait for the vendor's decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import policies
from openprm.deals.events import AmendmentDecided, AmendmentProposed
from openprm.deals.models import Amendment, Line, Product, ProtectionGrant, Registration
from openprm.deals.rules import amendments as rules
from openprm.deals.rules.amendments import AMENDABLE, Kind, State
from openprm.deals.rules.draft import LineDraft, changed_fields, merged
from openprm.deals.rules.lifecycle import Status
from openprm.deals.services import booking, customers, opportunities, routing, stalls
from openprm.deals.services.drafts import checked_products, draft_from, missing, normal
from openprm.deals.services.refusals import AccountAlreadyProtected, Locked
from openprm.deals.services.review import required_reason
from openprm.deals.services.unit import announce, as_system, load, save
from openprm.deals.wording import field_label
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.promises import services as promises
from openprm.rulebook import services as rulebook

PROMISE = "deals.amendment"
GRANT = ProtectionGrant.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """`state` is "applied" when the rule let it through, "proposed" when somebody decides by `due_at`."""

    amendment_id: UUID
    registration_id: UUID
    number: str
    version: int
    state: str
    clause: str
    clause_text: str
    due_at: datetime | None
    new_registration_id: UUID | None = None


@transaction.atomic
def propose_amendment(*, actor: Actor, registration_id: UUID, changes: Mapping[str, Any], reason: str, version: int | None = None, at: datetime) -> Amended:
    """Ask for other lines, another close date, another contact or more facts about the deal.

    `changes` names fields of a draft, `rules.amendments.AMENDABLE` alone. What the vendor's side changes applies at once.
    Raises NotFound, NotAllowed, Stale, Locked, Invalid, Conflict (nothing differs, one waits already), AccountAlreadyProtected.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_amend(actor, registration))
    reason = required_reason(reason)
    _refuse_locked(changes)
    before = values_of(registration)
    after = _wanted(registration, changes, before, at)
    changed = rules.changed(before, after)
    if not changed:
        raise Conflict(_("Nothing differs from the deal as it stands."))
    return enter(actor, registration, Kind.CHANGE, before, after, changed, reason, at)


def _refuse_locked(changes: Mapping[str, Any]) -> None:
    locked = sorted(set(changes) - set(AMENDABLE))
    if locked:
        raise Locked(
            _("%(fields)s cannot be changed after the approval. Open for change: %(open)s.") % {"fields": _labels(locked), "open": _labels(AMENDABLE)},
            field=locked[0],
        )


def _labels(names: Iterable[str]) -> str:
    return ", ".join(str(field_label(name))[:60] for name in names)


def _wanted(registration: Registration, changes: Mapping[str, Any], before: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What the deal would look like, as stored in an amendment. Raises Invalid with the fields as a draft names them."""
    stands = draft_from(registration)
    draft = normal(merged(stands, changes))
    differing = changed_fields(stands, draft)
    problems = [one for one in missing(draft, at) if one.field.partition("[")[0] in differing]
    if problems:
        raise Invalid(problems=problems)
    after = {name: _plain(getattr(draft, name)) for name in AMENDABLE if name != "lines"}
    if "lines" not in changes:
        return {**after, "lines": before["lines"]}
    known = {line["product_id"] for line in before["lines"]}
    added = merged(draft, {"lines": tuple(line for line in draft.lines if str(line.product_id) not in known)})
    checked_products(added)
    products = Product.objects.filter(pk__in=[line.product_id for line in draft.lines]).select_related("line").in_bulk()
    return {**after, "lines": [_line(line, products[line.product_id]) for line in draft.lines]}


def values_of(registration: Registration) -> dict[str, Any]:
    """The changeable part of a deal as plain values, with the names that a history shows."""
    lines = registration.lines.select_related("product__line").order_by("position")
    held = {name: _plain(getattr(registration, name)) for name in AMENDABLE if name != "lines"}
    return {**held, "lines": [_line(line, line.product) for line in lines]}


def _line(line: LineDraft | Line, product: Product) -> dict[str, Any]:
    return {
        "product_id": str(product.pk),
        "product": product.name,
        "product_line_id": str(product.line_id),
        "product_line": product.line.name,
        "quantity": line.quantity,
        "amount_minor": line.amount_minor,
        "term_months": line.term_months,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def enter(
    actor: Actor, registration: Registration, kind: Kind, before: dict[str, Any], after: dict[str, Any], changed: tuple[str, ...], reason: str, at: datetime
) -> Amended:
    """Write the amendment; apply it when the vendor asks or the rule lets it through, else start the promise."""
    with as_system(actor):
        ruling = _ask(registration, kind, before, after, at)
        amendment = Amendment(
            registration=registration,
            partner_id=registration.partner_id,
            number=_next_number(registration),
            kind=kind,
            before=before,
            after=after,
            changed=list(changed),
            reason=reason,
            proposer_id=actor.user_id,
            proposer_name=actor.name[:120],
            proposer_side=str(actor.side),
            proposed_at=at,
            clause=ruling.clause,
            clause_text=ruling.clause_text,
            rule_version_id=ruling.version_id,
            rule_version=ruling.version,
            inputs={name: str(value) for name, value in ruling.inputs.items()},
        )
        _keep_new(amendment)
        if actor.sees_all_partners or (ruling.outcome or {}).get("decision") == "apply":
            decide(actor if actor.sees_all_partners else SYSTEM, amendment, State.APPLIED, "", at)
        else:
            _wait(actor, amendment, at)
        return result(amendment)


def _next_number(registration: Registration) -> int:
    return (registration.amendments.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def _keep_new(amendment: Amendment) -> None:
    waits = _("A change of %(number)s waits for a decision already. Take it back first, or wait.") % {"number": amendment.registration.number}
    with refused_by("one_open_amendment", Conflict(waits)):
        amendment.save(force_insert=True)


def _ask(registration: Registration, kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any], at: datetime) -> Any:
    weight = rules.weigh(before, after)
    standing = routing.standing_of(registration.partner_id, registration.program_id, at)
    inputs = {
        "kind": str(kind),
        "amount_change_percent": weight.amount_change_percent,
        "amount": Money(registration.base_amount_minor, booking.base_currency()),
        "new_product_lines": weight.new_product_lines,
        "close_shift_days": weight.close_shift_days,
        "deal_type": str(registration.deal_type),
        "tier_rank": standing.tier_rank,
        "tier": standing.tier_code,
    }
    return rulebook.evaluate(kind="deals.amendment", program_id=registration.program_id, inputs=inputs, at=at)


def _wait(actor: Actor, amendment: Amendment, at: datetime) -> None:
    registration = amendment.registration
    refs = (amendment.pk, registration.pk, registration.partner_id)
    clock = promises.start(
        actor=SYSTEM, code=PROMISE, subject=amendment, partner_id=registration.partner_id, program_id=registration.program_id, refs=refs, at=at
    )
    amendment.due_at = clock.due_at
    amendment.save(update_fields=["due_at", "updated_at"])
    _record(actor, "deal.amendment_proposed", amendment, amendment.reason, at)
    announce(AmendmentProposed, registration, actor, at, amendment_id=amendment.pk, kind=str(amendment.kind))


def _record(actor: Actor, verb: str, amendment: Amendment, note: str, at: datetime) -> None:
    registration = amendment.registration
    refs = tuple(filter(None, (registration.pk, registration.partner_id, registration.account_id, amendment.new_registration_id)))
    before, after = (_told(amendment, values) for values in (amendment.before, amendment.after))
    audit.record(
        actor, verb, amendment, before=before, after=after, refs=refs, visible_to=(registration.partner_id,), note=note, data=_lines_of(amendment), at=at
    )


def _told(amendment: Amendment, values: Mapping[str, Any]) -> dict[str, Any]:
    """What differs, as a timeline reads it: plain fields, and the amount for the lines."""
    told = {name: values[name] for name in amendment.changed if name != "lines"}
    return {**told, "amount_minor": rules.amount(values), "currency": amendment.registration.currency} if "lines" in amendment.changed else told


def _lines_of(amendment: Amendment) -> dict[str, Any]:
    """The evidence in full, for the sealed log."""
    found = {"number": amendment.number, "clause": amendment.clause, "state": str(amendment.state)}
    if "lines" not in amendment.changed:
        return found
    return {**found, "lines_before": amendment.before["lines"], "lines_after": amendment.after["lines"], "split_lines": amendment.after.get("split_lines", [])}


def result(amendment: Amendment) -> Amended:
    registration = amendment.registration
    return Amended(
        amendment_id=amendment.pk,
        registration_id=registration.pk,
        number=registration.number,
        version=amendment.version,
        state=str(amendment.state),
        clause=amendment.clause,
        clause_text=amendment.clause_text,
        due_at=amendment.due_at,
        new_registration_id=amendment.new_registration_id,
    )


def load_amendment(actor: Actor, amendment_id: UUID, version: int | None) -> Amendment:
    """The amendment with its registration, both locked, the registration first as everywhere."""
    seen = policies.reach_amendments(actor).one(amendment_id)
    registration = load(actor, seen.registration_id)
    with system_scope():  # the partner's role reads amendments and may not lock them
        amendment = Amendment.objects.locked().one(amendment_id)
    amendment.registration = registration
    if version is not None and version != amendment.version:
        raise Stale()
    return amendment


@transaction.atomic
def approve_amendment(*, actor: Actor, amendment_id: UUID, reason: str = "", version: int | None = None, at: datetime) -> Amended:
    """Let a proposed change through. Raises NotFound, NotAllowed, Stale, Conflict, AccountAlreadyProtected, and then nothing has changed."""
    amendment = load_amendment(actor, amendment_id, version)
    refuse_if(policies.why_not_decide_amendment(actor, amendment) or policies.why_not_amend(actor, amendment.registration))
    decide(actor, amendment, State.APPLIED, reason.strip()[:500], at)
    return result(amendment)


@transaction.atomic
def reject_amendment(*, actor: Actor, amendment_id: UUID, reason: str, version: int | None = None, at: datetime) -> Amended:
    """Keep the deal as it is, with the reason that the partner reads. Raises NotFound, NotAllowed, Stale, Invalid."""
    amendment = load_amendment(actor, amendment_id, version)
    refuse_if(policies.why_not_decide_amendment(actor, amendment))
    decide(actor, amendment, State.REJECTED, required_reason(reason), at)
    return result(amendment)


@transaction.atomic
def withdraw_amendment(*, actor: Actor, amendment_id: UUID, version: int | None = None, at: datetime) -> Amended:
    """The partner takes its proposal back. Raises NotFound, NotAllowed, Stale."""
    amendment = load_amendment(actor, amendment_id, version)
    refuse_if(policies.why_not_withdraw_amendment(actor, amendment))
    with as_system(actor):
        decide(actor, amendment, State.WITHDRAWN, "", at)
    return result(amendment)


def drop_open(registration: Registration, at: datetime) -> None:
    """A deal that ends takes its open proposal along. In the system's or the vendor's scope."""
    for amendment in Amendment.objects.filter(registration=registration, state=State.PROPOSED).locked():
        amendment.registration = registration
        decide(SYSTEM, amendment, State.WITHDRAWN, _("The deal was closed."), at)


def drop_open_amendments(*, registration_id: UUID, at: datetime) -> None:
    """Take back what was proposed for a deal that is over; nothing happens when nothing waits. For jobs."""
    registration = Registration.objects.filter(pk=registration_id).exclude(status=Status.APPROVED).locked().first()
    if registration:
        drop_open(registration, at)


VERBS = {State.APPLIED: "deal.amended", State.REJECTED: "deal.amendment_rejected", State.WITHDRAWN: "deal.amendment_withdrawn"}


def decide(actor: Actor, amendment: Amendment, state: State, reason: str, at: datetime) -> None:
    """Close the amendment one way or the other; an applied one changes the deal first, so that a refusal leaves both as they were."""
    was_waiting = amendment.due_at is not None
    if state == State.APPLIED:
        _apply(amendment, at)
    amendment.state, amendment.decided_at, amendment.decision_reason = state, at, reason
    amendment.automatic = actor.is_system
    amendment.decider_id, amendment.decider_name = (None, "") if actor.is_system else (actor.user_id, actor.name[:120])
    amendment.version += 1
    amendment.save()
    if was_waiting:
        settle = promises.cancel if state == State.WITHDRAWN else promises.keep
        settle(subject_id=amendment.pk, code=PROMISE, at=at)
    _record(actor, VERBS[state], amendment, reason or amendment.reason, at)
    announce(
        AmendmentDecided, amendment.registration, actor, at,
        amendment_id=amendment.pk, state=str(state), automatic=actor.is_system and not was_waiting, new_registration_id=amendment.new_registration_id,
    )  # fmt: skip


def _apply(amendment: Amendment, at: datetime) -> None:
    from openprm.deals.services.splits import split_off

    registration = amendment.registration
    customers.hold(registration.account_id)
    stands = values_of(registration)
    if any(stands[name] != amendment.before[name] for name in ("lines", *amendment.changed) if name in amendment.before):
        raise Conflict(_("%(number)s was changed since this was proposed. Propose it again.") % {"number": registration.number})
    if amendment.kind == Kind.SPLIT:
        amendment.new_registration_id = split_off(amendment, at).pk
    else:
        _change(registration, amendment.after, amendment.changed, at)
    opportunities.follow(registration, at)


def _change(registration: Registration, after: Mapping[str, Any], changed: Iterable[str], at: datetime) -> None:
    names = [name for name in changed if name != "lines"]
    for name in names:
        value = after[name]
        setattr(registration, name, date.fromisoformat(value) if value and name.endswith("_date") else value)
    if "lines" in changed:
        write_lines(registration, after["lines"])
        _fit_protection(registration, {UUID(line["product_line_id"]) for line in after["lines"]}, at)
    for name, value in stalls.moved(active_at=at).items():
        setattr(registration, name, value)
    save(registration, *names, "amount_minor", "base_amount_minor", "protected_until", *stalls.moved(active_at=at))


def write_lines(registration: Registration, lines: Iterable[Mapping[str, Any]]) -> None:
    """Other lines, and the sum of them: booked at the rate of the approval (the caller saves the row)."""
    lines = list(lines)
    registration.lines.all().delete()
    Line.objects.bulk_create(
        Line(
            registration=registration,
            partner_id=registration.partner_id,
            product_id=UUID(line["product_id"]),
            product_line_id=UUID(line["product_line_id"]),
            position=position,
            quantity=line["quantity"],
            amount_minor=line["amount_minor"],
            term_months=line["term_months"],
        )
        for position, line in enumerate(lines)
    )
    registration.amount_minor = sum(line["amount_minor"] for line in lines)
    registration.base_amount_minor = booking.at_booked_rate(registration)


def _fit_protection(registration: Registration, wanted: set[UUID], at: datetime) -> None:
    """A product line that goes is free at once; one that comes is protected as long as the others are."""
    grants = {grant.product_line_id: grant for grant in registration.grants.filter(kind=ProtectionGrant.Kind.DEAL).locked()}
    live = {line_id for line_id, grant in grants.items() if grant.status in ProtectionGrant.LIVE}
    for line_id in sorted(live - wanted):
        grants[line_id].status, grants[line_id].ended_at, grants[line_id].ended_reason = GRANT.RELEASED, at, _("Taken off the deal")
        grants[line_id].save(update_fields=["status", "ended_at", "ended_reason", "updated_at"])
    if registration.protected_until is None or registration.protected_until <= at:
        return
    held = _("Another live protection covers %(customer)s for a product line that this change adds. %(number)s stays as it is.")
    with refused_by("one_live_protection", AccountAlreadyProtected(held % {"customer": registration.customer_name, "number": registration.number})):
        for line_id in sorted(wanted - live):
            _protect(registration, grants.get(line_id), line_id, at)


def _protect(registration: Registration, grant: ProtectionGrant | None, line_id: UUID, at: datetime) -> None:
    grant = grant or ProtectionGrant(
        registration=registration,
        partner_id=registration.partner_id,
        account_id=registration.account_id,
        product_line_id=line_id,
        territory_id=registration.territory_id,
    )
    grant.status, grant.starts_at, grant.ends_at = GRANT.ACTIVE, at, registration.protected_until
    grant.ended_at, grant.ended_reason, grant.reminded_days = None, "", None
    grant.save()
