"""Which cases, replies and papers an actor reaches, and why it may not act on one."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.compliance.models import Certificate, Document, Flag, Owner, Reply, RiskCase, SanctionsList, Verification
from openprm.compliance.rules.cases import PROOF_WITH_PARTNER, State, has_four_eyes, still_needs
from openprm.compliance.rules.cases import Work as WorkDone
from openprm.compliance.wording import NEEDS
from openprm.kernel.actor import Actor
from openprm.kernel.models import Model, ScopedQuerySet


def reach(actor: Actor) -> ScopedQuerySet:
    """The risk cases: all for the vendor, its own for a partner."""
    return _own(actor, RiskCase, "compliance.view")


def reach_flags(actor: Actor) -> ScopedQuerySet:
    """Red flags are for the vendor's people alone."""
    return Flag.objects.all() if actor.sees_all_partners and actor.can("compliance.view_papers") else Flag.objects.none()


def reach_replies(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Reply, "compliance.view_papers")


def reach_certificates(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Certificate, "compliance.view")


def reach_verifications(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Verification, "compliance.view_papers")


def reach_owners(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Owner, "compliance.view_papers")


def reach_documents(actor: Actor) -> ScopedQuerySet:
    rows = _own(actor, Document, "compliance.view_papers")
    return rows if actor.sees_all_partners else rows.filter(case=None)


def reach_lists(actor: Actor) -> ScopedQuerySet:
    return SanctionsList.objects.all() if actor.sees_all_partners and actor.can("compliance.view") else SanctionsList.objects.none()


def _own(actor: Actor, model: type[Model], permission: str) -> ScopedQuerySet:
    if not actor.can(permission):
        return model.objects.none()
    rows = model.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def why_not_review(actor: Actor) -> str | None:
    """Send, screen, check, clear: the daily work of the vendor's people."""
    if actor.sees_all_partners and actor.can("compliance.review"):
        return None
    return _("Only administrators and partner managers of the vendor can work on due diligence.")


def why_not_configure(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("compliance.configure"):
        return None
    return _("Only an administrator of the vendor can change how due diligence works.")


def why_not_answer(actor: Actor, partner_id: UUID) -> str | None:
    """Answers and papers are given by an administrator of the partner."""
    if actor.is_system or (actor.can("compliance.answer") and partner_id in actor.partner_ids):
        return None
    return _("Only an administrator of the partner can answer questions and add papers.")


def why_not_edit_reply(actor: Actor, reply: Reply) -> str | None:
    if reason := why_not_answer(actor, reply.partner_id):
        return reason
    if reply.state != Reply.State.SENT:
        return _("These answers are submitted. They can be changed when we send them back to you.")
    return None


def why_not_send(actor: Actor, case: RiskCase) -> str | None:
    if reason := why_not_review(actor):
        return reason
    if case.state in (State.APPROVED, State.DECLINED, State.SENT):
        return _("There is nothing to ask while the case is “%(state)s”.") % {"state": case.state.replace("_", " ")}
    if not case.questionnaire_code:
        return _("The rule asks for no questionnaire in this class of risk.")
    return None


def why_not_screen(actor: Actor, case: RiskCase) -> str | None:
    if reason := why_not_review(actor):
        return reason
    return _("A declined case is not screened. Open it again first.") if case.state == State.DECLINED else None


def why_not_resolve(actor: Actor, flag: Flag) -> str | None:
    if reason := why_not_review(actor):
        return reason
    if actor.user_id is None:
        return _("A red flag is resolved by a person who signs in, never by a token without one.")
    return _("This red flag is resolved already.") if flag.state != Flag.State.OPEN else None


def why_not_approve(actor: Actor, case: RiskCase, work: WorkDone, resolvers: Iterable[UUID | None]) -> str | None:
    """Everything that speaks against an approval by this person now, the first reason."""
    if not (actor.sees_all_partners and actor.can("compliance.approve")):
        return _("Only administrators and partner managers of the vendor approve due diligence.")
    if missing := still_needs(case.depth, work):
        return " ".join(str(NEEDS[code]) for code in missing)
    if case.state != State.CLEARED:
        return _("The case is not ready to be decided.")
    if case.approver == "vendor_admin" and not (actor.is_system or "vendor_admin" in actor.roles):
        return _("In this class of risk an administrator approves.")
    if not has_four_eyes(actor.user_id, resolvers):
        return _("You cleared a red flag of this case. Somebody else approves it: four eyes.")
    return None


def why_not_decline(actor: Actor, case: RiskCase) -> str | None:
    if not (actor.sees_all_partners and actor.can("compliance.approve")):
        return _("Only administrators and partner managers of the vendor decline due diligence.")
    if case.approver == "vendor_admin" and not (actor.is_system or "vendor_admin" in actor.roles):
        return _("In this class of risk an administrator decides.")
    if case.state in (State.APPROVED, State.DECLINED, State.RENEWAL, State.LAPSED):
        return _("There is nothing to decide on this case now.")
    return None


def why_not_check_certificate(actor: Actor, certificate: Certificate) -> str | None:
    if reason := why_not_review(actor):
        return reason
    return None if certificate.state in ("submitted", "verified") else _("This certificate is closed. The partner can add another one.")


def why_not_decide_verification(actor: Actor, verification: Verification) -> str | None:
    if reason := why_not_review(actor):
        return reason
    return None if verification.state in ("submitted", "review") else _("There is nothing to decide on this verification now.")


def why_not_edit_verification(actor: Actor, verification: Verification) -> str | None:
    if reason := why_not_answer(actor, verification.partner_id):
        return reason
    return None if verification.state in PROOF_WITH_PARTNER else _("This verification is with us. You can change it when we ask for more.")
