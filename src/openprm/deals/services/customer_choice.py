"""The customer's right to leave a registration (X34): asked or told, noticed, objected to, released."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.events import CustomerAsked, CustomerChoiceObjected, CustomerChoiceRecorded, CustomerChoiceSettled, CustomerStays
from openprm.deals.models import ChoiceLetter, ChoiceLink, CustomerChoice, Registration
from openprm.deals.queries import customer_choice as queries
from openprm.deals.rules.lifecycle import Status
from openprm.deals.services import outcome, work_terms
from openprm.deals.services.unit import announce, as_system, load, record
from openprm.deals.services.work import kind_of_file
from openprm.kernel.actor import PUBLIC, SYSTEM, Actor
from openprm.kernel.domains import normal_domain
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, Stale, refuse_if, refused_by
from openprm.kernel.files import safe_name
from openprm.kernel.ids import new_id

STATE = CustomerChoice.State
LINK_DAYS = 30
AT_ONCE = 200


class ChoiceIsOpen(Conflict):
    """The customer's choice is recorded already and its notice runs."""


def ask_customer(*, actor: Actor, registration_id: UUID, at: datetime) -> UUID:
    """Mail the deal's contact a link to say whom it wants to work with; an earlier link stops working.

    Raises NotFound, NotAllowed, Conflict when the contact's address is not at the customer's own domain.
    """
    registration = load(actor, registration_id)
    refuse_if(policies.why_not_protect(actor, registration))
    refuse_if(_why_not_choose(registration))
    if reason := why_not_mail(registration):
        raise Conflict(reason)
    ChoiceLink.objects.filter(registration=registration, used_at=None, revoked_at=None).update(revoked_at=at, updated_at=at)
    link = ChoiceLink.objects.create(
        registration=registration, contact_name=registration.contact_name or registration.customer_name[:120], contact_email=registration.contact_email,
        sent_at=at, sent_by_id=actor.user_id, expires_at=at + timedelta(days=LINK_DAYS),
    )  # fmt: skip
    record(actor, "deal.customer_asked", registration, after={}, at=at, data={"contact": link.contact_name})
    announce(CustomerAsked, registration, actor, at, link_id=link.pk)
    return link.pk


def why_not_mail(registration: Registration) -> str | None:
    """The link goes only to an address that is the customer's beyond doubt: at its own web domain."""
    address = normal_domain(registration.contact_email) if registration.contact_email else ""
    if not address:
        return _("The deal names no contact at a company address. Record the choice with the customer's letter instead.")
    known = {normal_domain(registration.customer_domain or ""), registration.account.domain if registration.account else ""} - {"", None}
    if address not in known:
        return _("%(email)s is not at the customer's own web domain. Record the choice with the customer's letter instead.") % {
            "email": registration.contact_email
        }
    return None


def may_begin(actor: Actor, registration_id: UUID) -> bool:
    """Whether this person can ask the customer or write its choice down now."""
    registration = policies.reach(actor).one(registration_id)
    return actor.sees_all_partners and policies.why_not_protect(actor, registration) is None


def why_not_ask(actor: Actor, registration_id: UUID) -> str | None:
    """Why the deal's contact cannot be mailed: a sentence, or None."""
    return why_not_mail(policies.reach(actor).select_related("account").one(registration_id))


def may_object(actor: Actor, choice_id: UUID, at: datetime) -> bool:
    return why_not_object(actor, queries.reach(actor).one(choice_id), at) is None


def _why_not_choose(registration: Registration) -> str | None:
    if registration.choices.filter(state__in=CustomerChoice.OPEN).exists():
        return _("The customer's choice for %(number)s is recorded already. Its notice runs.") % {"number": registration.number}
    return None


def record_choice(
    *, actor: Actor, registration_id: UUID, contact_name: str, reason: str, letter: tuple[str, bytes] | None, successor: str = "", at: datetime
) -> UUID:
    """Write down what the customer wrote to the vendor, with the letter. Raises NotFound, NotAllowed, Invalid, ChoiceIsOpen."""
    registration = load(actor, registration_id)
    refuse_if(policies.why_not_protect(actor, registration))
    if letter is None:
        raise Invalid(_("Add the customer's letter or mail: a choice needs proof."), field="letter", code="required")
    contact, said = _words("contact_name", contact_name, 120), _words("reason", reason, 1000)
    content_type, extension = kind_of_file(letter[1])
    choice = _record(actor, registration, told_by="vendor", contact_name=contact, contact_email="", reason=said, at=at)
    _keep(choice, letter, content_type, extension, " ".join(successor.split())[:200])
    return choice.pk


def _keep(choice: CustomerChoice, letter: tuple[str, bytes], content_type: str, extension: str, successor: str) -> None:
    name, content = letter
    key = f"deals/choices/{new_id()}"
    ChoiceLetter.objects.create(
        choice=choice, name=safe_name(name, extension), content_type=content_type, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        storage_key=key, successor=successor,
    )  # fmt: skip
    default_storage.save(key, ContentFile(content))


def answer_by_link(*, token: str, leave: bool, contact_name: str = "", reason: str = "", at: datetime) -> str:
    """What the customer says on the public page: "leave" or "stay". Once for each link. In the system's scope. Raises NotFound, Conflict, Invalid."""
    link = queries.link_by(token, at)
    registration = Registration.objects.filter(pk=link.registration_id).locked().get()
    link = ChoiceLink.objects.filter(pk=link.pk).locked().get()
    if link.used_at:
        raise Conflict(_("This link was used already."))
    queries.refuse_closed(registration)
    contact = _words("contact_name", contact_name or link.contact_name, 120)
    link.used_at, link.answer = at, "leave" if leave else "stay"
    if leave:
        said = _words("reason", reason, 1000)
        _record(PUBLIC, registration, told_by="customer", contact_name=contact, contact_email=link.contact_email, reason=said, at=at)
    else:
        record(PUBLIC, "deal.customer_stays", registration, after={}, at=at, data={"contact": contact})
        announce(CustomerStays, registration, PUBLIC, at, link_id=link.pk)
    link.save(update_fields=["used_at", "answer", "updated_at"])
    return link.answer


def _record(actor: Actor, registration: Registration, *, at: datetime, **values: Any) -> CustomerChoice:
    """Begin the notice by the rules in force when the deal was submitted."""
    verdict = work_terms.ask(work_terms.CHOICE_KIND, registration, stage=str(registration.stage), at=registration.submitted_at or at)
    outcome_of = verdict.outcome or {}
    days = max(0, int(outcome_of.get("notice_days") or 0))
    refusal = ChoiceIsOpen(_("The customer's choice for %(number)s is recorded already. Its notice runs.") % {"number": registration.number})
    with refused_by("one_open_choice", refusal):
        choice = CustomerChoice.objects.create(
            registration=registration, partner_id=registration.partner_id, recorded_at=at, recorded_by_id=actor.user_id, notice_days=days,
            work_done=outcome_of.get("work_done") or "none", releases_at=at + timedelta(days=days), clause=verdict.clause,
            clause_text=verdict.clause_text, rule_version_id=verdict.version_id, rule_version=verdict.version, **values,
        )  # fmt: skip
    record(actor, "deal.customer_chose", registration, subject=choice, at=at, note=choice.reason)
    announce(
        CustomerChoiceRecorded, registration, actor, at, choice_id=choice.pk, account_id=registration.account_id, days=days, releases_at=choice.releases_at
    )
    return choice


def object_to_choice(*, actor: Actor, choice_id: UUID, reason: str, at: datetime) -> None:
    """The partner says within the notice that it is not so; the release waits for a decision. Raises NotFound, NotAllowed, Invalid."""
    found = queries.reach(actor).one(choice_id)
    registration = load(actor, found.registration_id)
    refuse_if(why_not_object(actor, found, at))
    said = _words("reason", reason, 2000)
    with as_system(actor):
        choice = CustomerChoice.objects.locked().one(choice_id)
        refuse_if(why_not_object(actor, choice, at))
        before = choice.snapshot()
        choice.state, choice.objected_at, choice.objection = STATE.OBJECTED, at, said
        _save(choice, "state", "objected_at", "objection")
        record(actor, "deal.choice_objected", registration, subject=choice, before=before, at=at, note=said)
        announce(
            CustomerChoiceObjected, registration, actor, at, choice_id=choice.pk, account_id=registration.account_id, reason=said,
            releases_at=choice.releases_at,
        )  # fmt: skip


def why_not_object(actor: Actor, choice: CustomerChoice, at: datetime) -> str | None:
    if not (actor.is_partner and actor.can("deals.register")):
        return _("Only the people who sell for this partner can object.")
    if choice.state != STATE.NOTICE:
        return _("There is nothing to object to any more.")
    if choice.objected_at:
        return _("You objected already, and it was decided.")
    if choice.releases_at <= at:
        return _("The notice is over.")
    return None


def settle_choice(*, actor: Actor, choice_id: UUID, stands: bool, reason: str, version: int | None = None, at: datetime) -> None:
    """Decide an objection, or take back a choice that the customer took back. What stands is released when its notice is over.

    Raises NotFound, NotAllowed, Stale, Invalid.
    """
    found = queries.reach(actor).one(choice_id)
    registration = load(actor, found.registration_id)
    if not (actor.sees_all_partners and actor.can("deals.protect")):
        raise NotAllowed(_("Your role cannot decide on a customer's choice."))
    choice = CustomerChoice.objects.locked().one(choice_id)
    if version is not None and version != choice.version:
        raise Stale()
    if choice.state not in CustomerChoice.OPEN or (stands and choice.state != STATE.OBJECTED):
        raise Conflict(_("There is no open objection to decide."))
    said, before = _words("reason", reason, 1000), choice.snapshot()
    if stands:
        choice.state, choice.releases_at = STATE.NOTICE, max(choice.releases_at, at)
        _save(choice, "state", "releases_at")
        record(actor, "deal.choice_stands", registration, subject=choice, before=before, at=at, note=said)
        if choice.releases_at <= at:
            _release(choice, registration, at)
    else:
        _end(actor, choice, registration, STATE.DROPPED, said, at)


def release_chosen(*, at: datetime) -> int:
    """Release the deals whose notice is over; gives how many. Safe to run twice: each registration is locked before it is looked at again."""
    due = list(
        CustomerChoice.objects.filter(state=STATE.NOTICE, releases_at__lte=at).order_by("releases_at").values_list("registration_id", flat=True)[:AT_ONCE]
    )
    done = 0
    for registration in Registration.objects.filter(pk__in=due).locked():
        choice = registration.choices.filter(state=STATE.NOTICE, releases_at__lte=at).locked().first()
        if choice:
            _release(choice, registration, at)
            done += 1
    return done


def _release(choice: CustomerChoice, registration: Registration, at: datetime) -> None:
    """The deal ends, its customer is free, and the successor may register."""
    if registration.status != Status.APPROVED:
        _end(SYSTEM, choice, registration, STATE.DROPPED, _("The deal had ended already."), at)
        return
    reason = _("The customer chose to work with somebody else.")
    outcome.cancel(actor=SYSTEM, registration_id=registration.pk, reason=reason, at=at)
    _end(SYSTEM, choice, registration, STATE.RELEASED, reason, at)


def _end(actor: Actor, choice: CustomerChoice, registration: Registration, state: str, reason: str, at: datetime) -> None:
    before = choice.snapshot()
    choice.state, choice.ended_at, choice.ended_by_id, choice.ended_reason = state, at, actor.user_id, reason
    _save(choice, "state", "ended_at", "ended_by", "ended_reason")
    record(actor, f"deal.choice_{state}", registration, subject=choice, before=before, at=at, note=reason)
    announce(CustomerChoiceSettled, registration, actor, at, choice_id=choice.pk, state=str(state), reason=reason)


def _save(choice: CustomerChoice, *fields: str) -> None:
    choice.version += 1
    choice.save(update_fields=[*fields, "version", "updated_at"])


def _words(field: str, text: str, most: int) -> str:
    said = "".join(sign for sign in str(text) if sign.isprintable() or sign in "\n\t").strip()
    if not said:
        raise Invalid(_("Write a sentence here."), field=field, code="required")
    if len(said) > most:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return said


def open_link(*, token: str, at: datetime) -> queries.PublicChoice:
    """What the public page shows, with the notice by the deal's rules. In the system's scope. Raises NotFound."""
    registration = Registration.objects.get(pk=queries.link_by(token, at).registration_id)
    verdict = work_terms.ask(work_terms.CHOICE_KIND, registration, stage=str(registration.stage), at=registration.submitted_at or at)
    found = verdict.outcome or {}
    return queries.public_choice(token, notice_days=int(found.get("notice_days") or 0), work_done=found.get("work_done") or "none", at=at)
