"""Who reads which agreement, and why somebody may not write, publish, sign or countersign it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from openprm.agreements.models import Acceptance, Document, Signatory, Version
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.partners import queries as partners

PUBLISHED = Exists(Version.unscoped(reason="narrows an outer query of the scope").filter(document=OuterRef("pk")).exclude(state=Version.State.DRAFT))


def reach_documents(actor: Actor) -> ScopedQuerySet:
    """Documents: all for the vendor; for a partner those published for everybody or for one of its programs; for a visitor the public ones."""
    if actor.is_public:
        return Document.objects.filter(PUBLISHED, is_public=True)
    if not actor.can("agreements.view"):
        return Document.objects.none()
    if actor.sees_all_partners:
        return Document.objects.all()
    programs = {one.program_id for partner_id in actor.partner_ids for one in partners.enrollments_of(actor, partner_id)}
    return Document.objects.filter(PUBLISHED).filter(Q(program=None) | Q(program__in=programs))


def reach_versions(actor: Actor) -> ScopedQuerySet:
    """Versions of the documents in reach; drafts are the vendor's alone."""
    rows = Version.objects.select_related("document__program").filter(document__in=reach_documents(actor).values("pk"))
    if actor.is_public:
        return rows.filter(state=Version.State.PUBLISHED)
    return rows if actor.sees_all_partners else rows.exclude(state=Version.State.DRAFT)


def reach_acceptances(actor: Actor) -> ScopedQuerySet:
    if not actor.can("agreements.view"):
        return Acceptance.objects.none()
    rows = Acceptance.objects.select_related("version", "document", "partner__organization")
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def reach_signatories(actor: Actor) -> ScopedQuerySet:
    if not actor.can("agreements.view"):
        return Signatory.objects.none()
    rows = Signatory.objects.select_related("user")
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def why_not_draft(actor: Actor, version: Version | None = None) -> str | None:
    if not (actor.sees_all_partners and actor.can("agreements.draft")):
        return _("Your role does not write agreements. Ask an administrator or a partner manager.")
    if version and version.state != Version.State.DRAFT:
        return _("This version is published and stays as it is. Begin a new draft from it.")
    return None


def why_not_publish(actor: Actor, version: Version | None = None) -> str | None:
    if not (actor.sees_all_partners and actor.can("agreements.publish")):
        return _("Your role does not publish agreements. Ask an administrator.")
    if version and version.document.retired_at:
        return _("This document is retired. Take it up again before you publish a version.")
    return why_not_draft(actor, version) if version else None


def why_not_withdraw(actor: Actor, version: Version, at: datetime) -> str | None:
    if reason := why_not_publish(actor):
        return reason
    if version.state != Version.State.PUBLISHED:
        return _("Only an announced version can be withdrawn.")
    if version.effective_at is None or version.effective_at <= at:
        return _("Version %(number)s is in force. Publish a new version to change it.") % {"number": version.number}
    return None


def why_not_sign(actor: Actor, acceptance: Acceptance, *, is_named: bool) -> str | None:
    """A reason why this person may not sign or decline for the partner. Nobody but the partner's own people ever may."""
    if actor.read_only or actor.viewing_as:
        return _("You are looking at the portal as this partner. Only its own people can sign for it.")
    if not actor.is_partner or acceptance.partner_id not in actor.partner_ids:
        return _("Only the partner's own people can sign for it.")
    if actor.token_id:
        return _("A program cannot sign. Sign in to the portal and sign there.")
    if not actor.can("agreements.sign") or not (is_named or actor.roles.intersection(acceptance.document.signer_roles)):
        return _("You cannot sign for your company. Your administrator can, or can name you as a signatory.")
    return None


def why_not_countersign(actor: Actor, acceptance: Acceptance) -> str | None:
    if not (actor.is_vendor and actor.can("agreements.countersign")):
        return _("Your role does not countersign agreements. Ask an administrator.")
    if actor.token_id:
        return _("A program cannot sign. Sign in and countersign there.")
    if not acceptance.document.needs_countersignature:
        return _("This document needs no countersignature.")
    return None


def why_not_name_signatories(actor: Actor) -> str | None:
    if actor.is_partner and not actor.read_only and actor.can("agreements.name_signatories"):
        return None
    return _("Only an administrator of the partner can name who signs for it.")


def why_not_remind(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("agreements.remind"):
        return None
    return _("Only administrators and partner managers of the vendor can send reminders.")
