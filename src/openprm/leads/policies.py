"""Who can see which leads, and why somebody cannot do a thing: a sentence, or None."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.leads.models import Lead, LeadNote, Offer, Receiver
from openprm.leads.rules.lifecycle import ASKED, LOCKED, READABLE, ROUTABLE, OfferState, Status
from openprm.leads.rules.notes import Audience, NoteSide
from openprm.leads.wording import status_label

SHOWN = sorted(ASKED | READABLE)


def reach(actor: Actor) -> ScopedQuerySet:
    """The leads this person can see: the vendor's people all, a partner's those that are offered to it or that it works on."""
    rows = Lead.objects.all()
    if actor.sees_all_partners:
        return rows
    if not actor.is_partner or actor.is_collaborator_only:
        return rows.none()
    return rows.filter(Exists(Offer.objects.filter(lead=OuterRef("pk"), partner_id__in=actor.partner_ids, state__in=SHOWN)))


def reach_offers(actor: Actor) -> ScopedQuerySet:
    """The offers this person can see; of its own a partner also sees how they ended."""
    rows = Offer.objects.all()
    if actor.sees_all_partners:
        return rows
    if not actor.is_partner or actor.is_collaborator_only:
        return rows.none()
    return rows.filter(partner_id__in=actor.partner_ids)


def reach_notes(actor: Actor) -> ScopedQuerySet:
    """What is said on leads: shared notes for both, one's own side's private ones. A partner reads while it reads the customer."""
    rows = LeadNote.objects.all()
    if actor.is_system:
        return rows
    if actor.is_vendor:
        return rows.filter(Q(audience=Audience.SHARED) | Q(author_side=NoteSide.VENDOR))
    if not actor.is_partner or actor.is_collaborator_only:
        return rows.none()
    rows = rows.filter(Exists(Offer.objects.filter(lead=OuterRef("lead_id"), partner_id__in=actor.partner_ids, state__in=sorted(READABLE))))
    own = Q() if not actor.viewing_as else Q(audience=Audience.SHARED)
    return rows.filter(own, partner_id__in=actor.partner_ids)


def reach_receivers(actor: Actor) -> ScopedQuerySet:
    rows = Receiver.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner_id__in=actor.partner_ids if actor.is_partner else ())


def why_not_create(actor: Actor) -> str | None:
    return None if actor.can("leads.create") else _("Your role cannot add leads.")


def why_not_route(actor: Actor, lead: Lead) -> str | None:
    if not actor.can("leads.route"):
        return _("Your role cannot route leads.")
    if lead.status not in ROUTABLE:
        return _("%(number)s is %(status)s and goes to nobody else.") % _said(lead)
    if not lead.may_share:
        return _("The customer of %(number)s did not agree to be passed on. Ask for its consent first.") % _said(lead)
    return None


def why_not_work(actor: Actor) -> str | None:
    return None if actor.can("leads.work") else _("Your role cannot work on leads. Ask an administrator of your team for the sales role.")


def why_not_open(actor: Actor, lead: Lead, offer: Offer) -> str | None:
    if reason := why_not_work(actor):
        return reason
    if offer.method == "claim" and offer.state == OfferState.OFFERED:
        return _("%(number)s goes to the first who claims it. Claim it to see who the customer is.") % _said(lead)
    return None


def why_not_convert(actor: Actor, lead: Lead) -> str | None:
    if reason := why_not_work(actor):
        return reason
    if lead.status in LOCKED:
        return _("%(number)s is %(status)s already.") % _said(lead)
    if lead.status != Status.ACCEPTED:
        return _("%(number)s is %(status)s. Accept it first, then register the deal.") % _said(lead)
    return None


def why_not_close(actor: Actor, lead: Lead) -> str | None:
    """The vendor closes what nobody converted; the partner what it accepted."""
    if not actor.can("leads.work" if actor.is_partner else "leads.route"):
        return _("Your role cannot close leads.")
    if lead.status in LOCKED:
        return _("%(number)s is %(status)s. Its outcome follows the registered deal.") % _said(lead)
    if actor.is_partner and lead.status != Status.ACCEPTED:
        return _("%(number)s is %(status)s. Only a lead that you accepted is closed by you; otherwise decline it.") % _said(lead)
    return None


def why_not_write(actor: Actor, lead: Lead, *, holder: UUID | None) -> str | None:
    """`holder` is the partner that opened or holds the lead. Writing ends where the lead does."""
    if not actor.can("leads.note"):
        return _("Your role cannot write on leads.")
    if lead.status == Status.CONVERTED:
        return _("%(number)s became a deal. Write on the deal.") % _said(lead)
    if lead.status in LOCKED:
        return _("%(number)s is %(status)s. Nothing more is written on it.") % _said(lead)
    if actor.is_partner and holder not in actor.partner_ids:
        return _("Open %(number)s first. Then you can write on it.") % _said(lead)
    return None


def why_not_share(actor: Actor, lead: Lead, *, holder: UUID | None) -> str | None:
    """A shared note needs a partner that knows who the customer is."""
    if reason := why_not_write(actor, lead, holder=holder):
        return reason
    return None if holder else _("No partner has opened %(number)s yet. Keep the note among yourselves.") % _said(lead)


def why_not_erase(actor: Actor) -> str | None:
    return None if actor.can("leads.route") else _("Your role cannot erase the person behind a lead.")


def why_not_change_receiver(actor: Actor) -> str | None:
    return None if actor.can("leads.configure") else _("Your role cannot change which leads a partner takes.")


def _said(lead: Lead) -> dict[str, str]:
    return {"number": lead.number, "status": str(status_label(lead.status)).lower()}
