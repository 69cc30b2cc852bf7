"""Agreeing to compare, and saying what is shown."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.mapping import policies
from openprm.mapping.models import Consent, Population, Term
from openprm.mapping.rules.sharing import LEVELS, LONGEST_DAYS, Group, Level, Purpose, Terms
from openprm.mapping.services import unit
from openprm.mapping.services.settling import settle


@transaction.atomic
def agree(*, actor: Actor, partner_id: UUID, at: datetime) -> bool:
    """Say for one's own side that lists may be compared; gives whether the other side has said so too.

    Saying it twice changes nothing. Raises NotAllowed, NotFound, Conflict.
    """
    refuse_if(policies.why_not_share(actor))
    home, other = unit.sides(actor, partner_id)
    if not Consent.objects.filter(giver=home, receiver=other, ended_at=None).exists():
        consent = Consent(partner_id=partner_id, giver_id=home, receiver_id=other, by_id=actor.user_id, given_at=at)
        with refused_by("mapping_one_live_consent", Conflict(_("A colleague agreed this moment. Reload the page."))):
            consent.save(force_insert=True)
        audit.record(actor, "mapping.agreed", consent, after={}, refs=[partner_id], visible_to=[partner_id], at=at)
        settle(actor, partner_id, at)
    return policies.connected(partner_id)


@transaction.atomic
def end(*, actor: Actor, partner_id: UUID, at: datetime) -> None:
    """Take the own side's word back: every grant of both sides ends at once. Raises NotAllowed, NotFound, Conflict."""
    refuse_if(policies.why_not_share(actor))
    home, other = unit.sides(actor, partner_id)
    consent = Consent.objects.filter(giver=home, receiver=other, ended_at=None).locked().first()
    if consent is None:
        raise Conflict(_("Your company does not compare lists with this one."), code="not_agreed")
    consent.ended_at = at
    consent.save(update_fields=["ended_at", "updated_at"])
    audit.record(actor, "mapping.ended", consent, after={}, refs=[partner_id], visible_to=[partner_id], at=at)
    settle(actor, partner_id, at)


def read_terms(*, level: str, fields: Iterable[str] = (), purpose: str = Purpose.SELLING, days: int = 365) -> Terms:
    """Terms out of typed values. Raises Invalid."""
    wanted = tuple(sorted(set(fields)))
    if level not in LEVELS:
        raise Invalid(_("Choose hidden, counts, overlaps or all."), field="level", code="unknown_level")
    if unknown := [name for name in wanted if name not in set(Group)]:
        raise Invalid(_("There is no group of fields called “%(name)s”.") % {"name": unknown[0][:40]}, field="fields", code="unknown_fields")
    if purpose not in set(Purpose):
        raise Invalid(_("Say what the other side may use it for."), field="purpose", code="unknown_purpose")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_("A list is shown for 1 to %(most)d days. Renew it then.") % {"most": LONGEST_DAYS}, field="days", code="out_of_range")
    if LEVELS[level] < Level.OVERLAPS:
        wanted = ()
    return Terms(level=LEVELS[level], fields=wanted, purpose=purpose, days=days)


@transaction.atomic
def set_terms(*, actor: Actor, population_id: UUID, terms: Terms, partner_id: UUID | None = None, at: datetime) -> None:
    """Say what is shown of a list: to everybody the own side is connected with, or to one partner (a partner's only viewer is the vendor).

    It takes effect at once. A grant that had run out is given anew. Raises NotAllowed, NotFound.
    """
    refuse_if(policies.why_not_share(actor))
    population = policies.reach(actor).one(population_id)
    viewer = _viewer(actor, partner_id)
    values = {"level": int(terms.level), "fields": list(terms.fields), "purpose": terms.purpose, "days": terms.days, "owner_id": population.owner_id}
    Term.objects.update_or_create(population=population, viewer_id=viewer, defaults=values)
    _settle_all(actor, population, partner_id, at, renew=True)


@transaction.atomic
def forget_terms(*, actor: Actor, population_id: UUID, partner_id: UUID, at: datetime) -> None:
    """Let the list's general terms hold for this partner again. Raises NotAllowed, NotFound."""
    refuse_if(policies.why_not_share(actor))
    population = policies.reach(actor).one(population_id)
    Term.objects.filter(population=population, viewer_id=_viewer(actor, partner_id)).delete()
    _settle_all(actor, population, partner_id, at)


def _viewer(actor: Actor, partner_id: UUID | None) -> UUID | None:
    return unit.sides(actor, partner_id)[1] if partner_id else None


def _settle_all(actor: Actor, population: Population, partner_id: UUID | None, at: datetime, *, renew: bool = False) -> None:
    for one in [partner_id] if partner_id else partners_of(population):
        settle(actor, one, at, population.pk, renew=renew)


def partners_of(population: Population) -> list[UUID]:
    """The partners with whom the owner of a list agreed to compare."""
    return sorted(Consent.objects.filter(giver=population.owner_id, ended_at=None).values_list("partner", flat=True))


def partners_of_list(population_id: UUID) -> list[UUID]:
    """The partners with whom the owner of this list agreed to compare, in the system's scope."""
    return partners_of(Population.objects.one(population_id))
