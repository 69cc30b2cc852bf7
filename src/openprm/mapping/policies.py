"""Whose lists somebody sees and may change: its own side's, and of the other's what was granted. Row-level security says the same by itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Exists, F, Func, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotAllowed
from openprm.kernel.models import ScopedQuerySet
from openprm.mapping.models import Ask, Consent, Detail, Entry, Grant, Look, Making, Match, Population, Target, Term, Verdict
from openprm.mapping.rules.sharing import Level


def home_of(actor: Actor) -> UUID | None:
    """The organization whose lists are this actor's own; None for the system, and for somebody who looks at the portal as a partner."""
    if actor.is_system or actor.is_public or actor.viewing_as or not actor.user_id or not actor.can("mapping.view"):
        return None
    return actor.organization_id if actor.is_vendor else actor.partner_id


def refuse_outsider(actor: Actor) -> UUID:
    """The own organization. Raises NotAllowed."""
    home = home_of(actor)
    if home is None:
        raise NotAllowed(_("Lists are seen by the people of the company that keeps them, and nobody in their place."))
    return home


def live_consents(partner_id: UUID | OuterRef) -> ScopedQuerySet:
    return Consent.objects.filter(partner=partner_id, ended_at=None)


def connected(partner_id: UUID) -> bool:
    """Whether both sides agree."""
    return live_consents(partner_id).count() == 2


def own(actor: Actor, model: type[Any]) -> ScopedQuerySet:
    """The actor's own side's rows of a table with an owner."""
    home = home_of(actor)
    return model.objects.filter(owner=home) if home else model.objects.none()


def reach(actor: Actor) -> ScopedQuerySet:
    """The lists that are the actor's own."""
    return own(actor, Population).filter(archived_at=None)


def live_grants(actor: Actor, at: datetime, least: Level = Level.COUNTS) -> ScopedQuerySet:
    """What the actor's side may see of the other's lists now."""
    home = home_of(actor)
    if home is None:
        return Grant.objects.none()
    both = Exists(live_consents(OuterRef("partner")).filter(giver=OuterRef("owner"))) & Exists(
        live_consents(OuterRef("partner")).filter(giver=OuterRef("viewer"))
    )
    return Grant.objects.filter(both, viewer=home, revoked_at=None, expires_at__gt=at, level__gte=least, population__archived_at=None)


def reach_shown(actor: Actor, at: datetime, least: Level = Level.COUNTS) -> ScopedQuerySet:
    """The lists of the other side of which something is shown."""
    return Population.objects.filter(pk__in=live_grants(actor, at, least).values("population"))


def reach_matches(actor: Actor, at: datetime) -> ScopedQuerySet:
    """Matches between an own list and one of which at least the overlaps are shown."""
    home, shown = home_of(actor), live_grants(actor, at, Level.OVERLAPS).values("population")
    if home is None:
        return Match.objects.none()
    return (
        Match.objects.filter(Q(left_owner=home, right_population__in=shown))
        if actor.is_vendor
        else Match.objects.filter(right_owner=home, left_population__in=shown)
    )


def reach_entries(actor: Actor, at: datetime, population_id: UUID) -> ScopedQuerySet:
    """The rows of a list that the actor sees: all of its own, and of another's those that its level shows."""
    rows = Entry.objects.filter(population=population_id)
    if reach(actor).filter(pk=population_id).exists():
        return rows
    grant = live_grants(actor, at, Level.OVERLAPS).filter(population=population_id).first()
    if grant is None:
        return rows.none()
    if grant.level >= Level.ALL:
        return rows
    met = reach_matches(actor, at).exclude(state="split").values("right" if actor.is_vendor else "left")
    return rows.filter(pk__in=met)


def among(ids: Iterable[UUID]) -> Any:
    """Many ids as one value, for `pk__in=`: a placeholder for each costs more than the rows."""
    return RawSQL("select unnest(%s::uuid[])", [list(ids)])


def reach_details(actor: Actor, at: datetime, entry_ids: list[UUID]) -> ScopedQuerySet:
    """The further fields of rows that the actor sees, where their group is granted."""
    home = home_of(actor)
    granted = live_grants(actor, at, Level.OVERLAPS).filter(population=OuterRef("population"), fields__contains=_one(OuterRef("section")))
    return Detail.objects.filter(Q(owner=home) | Exists(granted), entry__in=among(entry_ids)) if home else Detail.objects.none()


def reach_told(actor: Actor, at: datetime) -> ScopedQuerySet:
    """The further fields of the other side's rows, where their group is granted."""
    granted = live_grants(actor, at, Level.OVERLAPS).filter(population=OuterRef("population"), fields__contains=_one(OuterRef("section")))
    return Detail.objects.filter(Exists(granted)) if home_of(actor) else Detail.objects.none()


def _one(column: OuterRef) -> Any:
    return Func(column, template="array[%(expressions)s]", output_field=ArrayField(CharField(max_length=12)))


def reach_received(actor: Actor) -> ScopedQuerySet:
    """Every grant to the actor's side that there ever was."""
    home = home_of(actor)
    return Grant.objects.filter(viewer=home) if home else Grant.objects.none()


def reach_looks(actor: Actor) -> ScopedQuerySet:
    return own(actor, Look)


def reach_asks(actor: Actor) -> ScopedQuerySet:
    home = home_of(actor)
    return Ask.objects.filter(Q(owner=home) | Q(asker=home)) if home else Ask.objects.none()


def reach_verdicts(actor: Actor) -> ScopedQuerySet:
    home = home_of(actor)
    return Verdict.objects.filter(decider=home) if home else Verdict.objects.none()


def reach_makings(actor: Actor) -> ScopedQuerySet:
    return own(actor, Making)


def reach_terms(actor: Actor) -> ScopedQuerySet:
    return own(actor, Term)


def why_not_manage(actor: Actor) -> str | None:
    if home_of(actor) and actor.can("mapping.manage"):
        return None
    return _("Your role cannot change lists. Ask an administrator of your team.")


def why_not_share(actor: Actor) -> str | None:
    if home_of(actor) and actor.can("mapping.share"):
        return None
    return _("Only administrators, and the vendor's partner managers, decide what is shown to the other side.")


def reach_targets(actor: Actor, at: datetime) -> ScopedQuerySet:
    """Targets that the actor's side reads: those with its own words, those whose owner chose them, and those of lists that are shown to it."""
    home = home_of(actor)
    if home is None:
        return Target.objects.none()
    live = Consent.objects.filter(partner=OuterRef("partner"), ended_at=None)
    agreed = Exists(live.filter(giver=home)) & Exists(live.filter(receiver=home))
    overlaps, whole = (live_grants(actor, at, least).values("population") for least in (Level.OVERLAPS, Level.ALL))
    told = Q(chooser=F("source_owner")) | Q(kind="overlap", source__in=overlaps) | Q(source__in=whole)
    return Target.objects.filter(Q(left_owner=home) | Q(right_owner=home)).filter(Q(source_owner=home) | (Q(agreed) & told))


def why_not_rule(actor: Actor) -> str | None:
    if actor.is_vendor and home_of(actor) and actor.can("mapping.rule"):
        return None
    return _("Only administrators of the vendor say how sure a match must be.")
