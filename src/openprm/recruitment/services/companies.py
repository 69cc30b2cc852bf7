"""Companies: added once per domain, learned about fact by fact, marked, written about."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.domains import normal_domain
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.recruitment import policies
from openprm.recruitment.events import CompanyLearned
from openprm.recruitment.models import Company, Contact, Fact, Note, Signal
from openprm.recruitment.rules.facts import FACT, Kind, clean_facts, clean_value, key
from openprm.recruitment.services import checks
from openprm.recruitment.services.scores import rescore

MOST_CONTACTS = 50


class CompanyIsKnown(Conflict):
    """The company is on the books already: `company_id` or `partner_id` says where."""

    def __init__(self, message: str, *, company_id: UUID | None = None, partner_id: UUID | None = None, field: str = "domain"):
        self.company_id, self.partner_id = company_id, partner_id
        super().__init__(message, field=field)


@transaction.atomic
def add_company(
    *,
    actor: Actor,
    name: str,
    at: datetime,
    domain: str = "",
    country: str = "",
    source: str = "manual",
    facts: Mapping[str, Any] | None = None,
    contact_name: str = "",
    contact_email: str = "",
) -> UUID:
    """Put a company on the discovered list. Raises NotAllowed, Invalid, CompanyIsKnown."""
    refuse_if(policies.why_not_manage(actor))
    contact = {"name": contact_name, "email": contact_email} if contact_name or contact_email else None
    return new_company(actor, name=name, domain=domain, country=country, source=source, facts=facts or {}, contact=contact, at=at).pk


def new_company(
    actor: Actor, *, name: str, domain: str, country: str, source: str, facts: Mapping[str, Any], at: datetime, contact: Mapping[str, str] | None = None
) -> Company:
    """A company that nobody knew, with its first facts and contact. Raises Invalid, CompanyIsKnown."""
    company = Company(
        name=checks.line("name", name, longest=200, required=True),
        domain=checks.domain("domain", domain),
        country=checks.country("country", country),
        source=checks.line("source", source, longest=60),
    )
    refuse_known(company.domain)
    with refused_by("one_company_per_domain", CompanyIsKnown(_("Somebody added this company just now. Reload the list."))):
        company.save()
    audit.record(actor, "company.added", company, at=at)
    if contact:
        write_contact(company, contact, is_main=True)
    values = clean_facts({**facts, **({"country": company.country} if company.country else {})})
    write_facts(company, values, source=source, observed_at=at, actor=actor)
    learned(company, at)
    return company


def refuse_known(domain: str) -> None:
    """Raises CompanyIsKnown when a partner or a company has this domain; the sentence names it."""
    if not domain:
        return
    if partners.is_banned_domain(domain):
        raise CompanyIsKnown(_("%(domain)s belongs to a partner that was banned. Lift the ban before you recruit it again.") % {"domain": domain})
    if partner := partner_with(domain):
        raise CompanyIsKnown(
            _("%(name)s is a partner already, with the domain %(domain)s. Open its partner page instead.") % {"name": partner[1], "domain": domain},
            partner_id=partner[0],
        )
    known = Company.objects.filter(domain=domain).first()
    if known:
        raise CompanyIsKnown(
            _("%(name)s is on the books already, with the domain %(domain)s. Open it instead of adding it again.") % {"name": known.name, "domain": domain},
            company_id=known.pk,
        )


def partner_with(domain: str) -> tuple[UUID, str] | None:
    """The partner whose web domain this is, whatever its state."""
    rows = partners.newest_partners(SYSTEM, filters={})
    return rows.order_by("pk").filter(Q(organization__domain=domain) | Q(organization__domain=f"www.{domain}")).values_list("pk", "organization__name").first()


@transaction.atomic
def update_company(*, actor: Actor, company_id: UUID, changes: Mapping[str, Any], at: datetime, version: int | None = None) -> None:
    """Change the name, domain or country of a company. Raises NotFound, NotAllowed, Invalid, CompanyIsKnown, Stale."""
    company = locked(actor, company_id, version)
    before = company.snapshot()
    readers = {
        "name": lambda value: checks.line("name", value, longest=200, required=True),
        "domain": lambda value: checks.domain("domain", value),
        "country": lambda value: checks.country("country", value),
    }
    for field, value in changes.items():
        if field not in readers:
            raise Invalid(_("This field cannot be changed here."), field=field)
        setattr(company, field, readers[field](value))
    if company.domain != before["domain"]:
        refuse_known(company.domain)
    _save(company)
    audit.record(actor, "company.changed", company, before=before, refs=_refs(company), at=at)
    if company.country and company.country != before["country"]:
        write_facts(company, {"country": company.country}, source="manual", observed_at=at, actor=actor)
        learned(company, at)


@transaction.atomic
def set_facts(
    *,
    actor: Actor,
    company_id: UUID,
    facts: Mapping[str, Any],
    at: datetime,
    source: str = "manual",
    observed_at: datetime | None = None,
    confidence: int = 100,
) -> None:
    """Write down what is known; an empty value takes the fact away. Raises NotFound, NotAllowed, Invalid."""
    company = locked(actor, company_id)
    source, confidence = checks.line("source", source, longest=80, required=True), checks.share("confidence", confidence)
    known = {name: _checked_fact(name, value) for name, value in facts.items()}
    given = {name: value for name, value in known.items() if value is not None}
    Fact.objects.filter(company=company, name__in=[name for name, value in known.items() if value is None]).delete()
    write_facts(company, given, source=source, observed_at=observed_at or at, confidence=confidence, actor=actor)
    data = {name: ", ".join(value) if isinstance(value, tuple) else str(value or "–") for name, value in known.items()}
    audit.record(actor, "company.facts_set", company, after={}, refs=_refs(company), data=data, note=source, at=at)
    learned(company, at)


def _checked_fact(name: str, value: Any) -> Any:
    if name not in FACT:
        raise Invalid(_("There is no fact of that name."), field=name[:40])
    if value in (None, "", (), []):
        return None
    found = clean_value(name, value)
    if found is None:
        raise Invalid(_("“%(value)s” cannot be a value of this fact.") % {"value": str(value)[:60]}, field=name)
    return found


def write_facts(
    company: Company, facts: Mapping[str, Any], *, source: str, observed_at: datetime, actor: Actor, confidence: int = 100, signal: Signal | None = None
) -> None:
    """Keep facts with their source. Words of a list replace the list when a person says it, and add to it when a signal does."""
    by = {"source": source, "observed_at": observed_at, "confidence": confidence, "signal": signal, "set_by_id": actor.user_id}
    for name, value in facts.items():
        rows = {key(word): word for word in value} if FACT[name].kind is Kind.WORDS else {"": value}
        if signal is None:
            Fact.objects.filter(company=company, name=name).exclude(item__in=rows).delete()
            held = set(Fact.objects.filter(company=company, name=name, item__in=[item for item in rows if item]).values_list("item", flat=True))
            rows = {item: one for item, one in rows.items() if item not in held}
        for item, one in rows.items():
            Fact.objects.update_or_create(company=company, name=name, item=item, defaults={"value": one, **by})


def learned(company: Company, at: datetime) -> None:
    """What is known has changed: score anew now, compare with the best partners in the background."""
    rescore([company.pk], at)
    if company.partner_id is None:
        publish(CompanyLearned(company_id=company.pk, at=at))


@transaction.atomic
def remember_company(
    *,
    actor: Actor,
    name: str,
    domain: str,
    at: datetime,
    country: str = "",
    facts: Mapping[str, Any] | None = None,
    source: str = "application",
    partner_id: UUID | None = None,
) -> UUID:
    """Keep what another domain learned of a company (an application, say): known by its domain or its partner, else added.

    Never overwrites a fact that is there from another source. Raises NotAllowed, Invalid.
    """
    refuse_if(policies.why_not_manage(actor))
    asked, own = clean_facts(facts or {}), normal_domain(domain)
    known = Company.objects.filter(partner=partner_id).first() if partner_id else None
    known = known or (Company.objects.filter(domain=own).locked().first() if own else None)
    if known is None:
        company = Company.objects.create(
            name=checks.line("name", name, longest=200, required=True), domain=own, country=checks.country("country", country), source=source[:60]
        )
        audit.record(actor, "company.added", company, refs=(partner_id,) if partner_id else (), at=at)
    else:
        company = known
    if partner_id and company.partner_id is None:
        company.partner_id = partner_id
        _save(company)
    held = set(Fact.objects.filter(company=company).exclude(source=source).values_list("name", flat=True))
    write_facts(company, {name: value for name, value in asked.items() if name not in held}, source=source, observed_at=at, actor=actor)
    learned(company, at)
    return company.pk


def mark(*, actor: Actor, company_ids: Iterable[UUID], mark: str, at: datetime) -> int:
    """Star, ignore or clear companies of the discovered list; gives how many changed. Raises NotAllowed, Invalid."""
    refuse_if(policies.why_not_manage(actor))
    checks.choice("mark", mark, ("starred", "ignored", "none"))
    values = {"starred_at": at if mark == "starred" else None, "ignored_at": at if mark == "ignored" else None}
    changed = 0
    with transaction.atomic():
        for company in policies.reach_companies(actor).filter(pk__in=list(company_ids)[:500]).locked():
            before = company.snapshot()
            if (company.starred_at is not None, company.ignored_at is not None) == (mark == "starred", mark == "ignored"):
                continue
            company.starred_at, company.ignored_at = values["starred_at"], values["ignored_at"]
            _save(company)
            verb = {"starred": "company.starred", "ignored": "company.ignored", "none": "company.unmarked"}[mark]
            audit.record(actor, verb, company, before=before, at=at)
            changed += 1
    return changed


@transaction.atomic
def add_contact(*, actor: Actor, company_id: UUID, name: str, at: datetime, email: str = "", title: str = "", phone: str = "") -> UUID:
    """Add a person of the company; the first one is the main contact. Raises NotFound, NotAllowed, Invalid, Conflict."""
    company = locked(actor, company_id)
    if company.contacts.count() >= MOST_CONTACTS:
        raise Conflict(_("A company has at most %(count)d contacts here. Remove one first.") % {"count": MOST_CONTACTS})
    contact = write_contact(company, {"name": name, "email": email, "title": title, "phone": phone}, is_main=not company.contacts.exists())
    audit.record(actor, "company.contact_added", company, after={}, refs=_refs(company), data={"person": contact.name}, at=at)
    return contact.pk


def write_contact(company: Company, values: Mapping[str, str], *, is_main: bool) -> Contact:
    email = checks.email("contact_email" if is_main else "email", values.get("email"))
    contact = Contact(
        company=company,
        name=checks.line("name", values.get("name") or email.partition("@")[0], longest=120, required=True),
        email=email,
        title=checks.line("title", values.get("title"), longest=120),
        phone=checks.line("phone", values.get("phone"), longest=40),
        is_main=is_main,
    )
    with refused_by("one_contact_per_email", Conflict(_("A contact with this e-mail address is there already."), field="email")):
        contact.save()
    return contact


@transaction.atomic
def remove_contact(*, actor: Actor, company_id: UUID, contact_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    company = locked(actor, company_id)
    contact = Contact.objects.filter(company=company).one(contact_id)
    contact.delete()
    if contact.is_main and (heir := company.contacts.order_by("pk").first()):
        heir.is_main = True
        heir.save(update_fields=["is_main", "updated_at"])
    audit.record(actor, "company.contact_removed", company, after={}, refs=_refs(company), data={"person": contact.name}, at=at)


@transaction.atomic
def add_note(*, actor: Actor, company_id: UUID, body: str, at: datetime) -> UUID:
    """Raises NotFound, NotAllowed, Invalid."""
    company = locked(actor, company_id)
    note = Note(company=company, author_id=actor.user_id, author_name=actor.name[:120], body=checks.text("body", body, longest=4000, required=True), at=at)
    note.save()
    audit.record(actor, "company.noted", company, after={}, refs=_refs(company), at=at)
    return note.pk


def absorb(actor: Actor, company: Company, other: Company, at: datetime) -> None:
    """Make one of two rows of the same company: what only `other` knew moves over, then it goes."""
    held = set(company.facts.values_list("name", "item"))
    moving = [fact.pk for fact in other.facts.all() if (fact.name, fact.item) not in held]
    Fact.objects.filter(pk__in=moving).update(company=company)
    Note.objects.filter(company=other).update(company=company)
    audit.record(actor, "company.absorbed", company, after={}, refs=_refs(company), data={"company": other.name}, at=at)
    other.delete()


def locked(actor: Actor, company_id: UUID, version: int | None = None) -> Company:
    company = policies.reach_companies(actor).locked().one(company_id)
    refuse_if(policies.why_not_manage(actor))
    if version is not None and version != company.version:
        raise Stale()
    return company


def _save(company: Company) -> None:
    company.version += 1
    with refused_by("one_company_per_domain", CompanyIsKnown(_("Another company has this domain."))):
        company.save()


def _refs(company: Company) -> tuple[UUID, ...]:
    """A company that became a partner goes on telling its story on the partner's page."""
    return (company.partner_id,) if company.partner_id else ()
