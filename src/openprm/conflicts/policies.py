"""Which cases, words and precedents an actor reaches, and why it may not act on one."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.conflicts.models import CaseFact, CaseNote, ConflictCase, Evidence, Precedent, Statement
from openprm.conflicts.rules.impartiality import Ties, bias_of
from openprm.conflicts.rules.lifecycle import HEARING, LIVE, Origin, Side, State
from openprm.conflicts.wording import BIAS, STATE, label_of
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet

MOST_STATEMENTS = 10


def reach(actor: Actor) -> ScopedQuerySet:
    """The cases: all for the vendor, those in which it is a side for a partner. Nobody else learns that one exists."""
    rows = ConflictCase.objects.all()
    if not actor.can("conflicts.view"):
        return rows.none()
    if actor.sees_all_partners:
        return rows
    return rows.filter(Q(partner__in=actor.partner_ids) | Q(other_partner__in=actor.partner_ids)) if actor.is_partner else rows.none()


def may_read_sealed(actor: Actor, case: ConflictCase) -> bool:
    """Those who judge read what is sealed; the person whom the case is about waits like the other side."""
    return actor.is_system or (actor.is_vendor and actor.can("conflicts.review") and actor.user_id != case.rep_id)


def reach_said(actor: Actor, case: ConflictCase, model: type[Statement] | type[Evidence]) -> ScopedQuerySet:
    """What this actor may read of both sides: its own at once, the other side's when it is revealed."""
    rows = model.objects.filter(case=case)
    if may_read_sealed(actor, case):
        return rows
    if actor.is_vendor:
        return rows.filter(Q(partner=None) | Q(revealed_at__isnull=False))
    return rows.filter(Q(partner__in=actor.partner_ids) | Q(revealed_at__isnull=False))


def reach_facts(actor: Actor, case: ConflictCase) -> ScopedQuerySet:
    rows = CaseFact.objects.filter(case=case)
    return rows.filter(reader=None) if actor.sees_all_partners else rows.filter(reader__in=actor.partner_ids)


def reach_notes(actor: Actor, case: ConflictCase) -> ScopedQuerySet:
    return CaseNote.objects.filter(case=case) if actor.sees_all_partners and actor.can("conflicts.view_internal") else CaseNote.objects.none()


def reach_precedents(actor: Actor) -> ScopedQuerySet:
    """Published ones for everybody who may read cases; drafts for those who judge."""
    if not actor.can("conflicts.view"):
        return Precedent.objects.none()
    rows = Precedent.objects.all()
    return rows if actor.sees_all_partners and actor.can("conflicts.review") else rows.filter(state=Precedent.State.PUBLISHED)


def side_of(actor: Actor, case: ConflictCase) -> Side | None:
    """Which side this actor speaks for; a vendor's person for the vendor, when the vendor is a side."""
    if actor.is_partner:
        return Side.CLAIMANT if case.partner_id in actor.partner_ids else Side.RESPONDENT
    return Side.RESPONDENT if actor.is_vendor and case.other_partner_id is None else None


def why_not_open(actor: Actor) -> str | None:
    if actor.can("conflicts.open"):
        return None
    return _("Your role cannot open a conflict case. Ask an administrator or a sales person of your team.")


def why_not_speak(actor: Actor, case: ConflictCase, said: int) -> str | None:
    """Statements and evidence: both sides while the case is heard, each ten times at most."""
    if not actor.can("conflicts.speak") or side_of(actor, case) is None:
        return _("Only the two sides of the case make statements. The vendor’s people use internal notes here.")
    if case.state not in HEARING:
        return _("%(number)s is %(state)s. Statements are taken until the decision.") % _said(case)
    if actor.is_vendor and actor.user_id == case.reviewer_id:
        return _("You judge this case. Somebody else speaks for our side.")
    if said >= MOST_STATEMENTS:
        return _("Your side spoke %(most)d times, which is the limit. The reviewer has what it needs.") % {"most": MOST_STATEMENTS}
    return None


def why_not_withdraw(actor: Actor, case: ConflictCase) -> str | None:
    if not actor.is_partner or case.partner_id not in actor.partner_ids or not actor.can("conflicts.open"):
        return _("Only the side that claims can withdraw its case.")
    return None if case.state in HEARING else _("%(number)s is %(state)s and cannot be withdrawn.") % _said(case)


def why_not_judge(actor: Actor, ties: Ties) -> str | None:
    """The right to review, and nothing that ties this person to the case."""
    if not (actor.is_vendor and actor.can("conflicts.review")):
        return _("Your role cannot review conflict cases.")
    bias = bias_of(actor.user_id, ties)
    return str(BIAS[bias]) if bias else None


def why_not_take_up(actor: Actor, case: ConflictCase, ties: Ties) -> str | None:
    if case.state not in (State.OPEN, State.IN_REVIEW, State.APPEALED):
        return _("%(number)s is %(state)s. There is nothing to review.") % _said(case)
    if case.state == State.IN_REVIEW and case.reviewer_id == actor.user_id:
        return _("You review %(number)s already.") % _said(case)
    if case.state == State.APPEALED and case.appeal_reviewer_id == actor.user_id:
        return _("You review the appeal already.")
    return why_not_judge(actor, ties)


def why_not_assign(actor: Actor, case: ConflictCase) -> str | None:
    if not (actor.sees_all_partners and actor.can("conflicts.assign")):
        return _("Only administrators and partner managers name a reviewer.")
    return None if case.state in (State.OPEN, State.IN_REVIEW, State.APPEALED) else _("%(number)s is %(state)s. There is nothing to review.") % _said(case)


def why_not_decide(actor: Actor, case: ConflictCase, ties: Ties) -> str | None:
    if case.state != State.IN_REVIEW:
        return _("%(number)s is %(state)s. A case is decided while it is in review.") % _said(case)
    if reason := why_not_judge(actor, ties):
        return reason
    if case.reviewer_id != actor.user_id:
        return _("Somebody else reviews %(number)s. Take it up first.") % _said(case)
    if not case.revealed_at:
        return _("Both sides must have spoken, or their time must be over, before anybody decides.")
    return None


def why_not_dismiss(actor: Actor, case: ConflictCase, ties: Ties) -> str | None:
    """A false alarm of the sentinel is closed by a person without ties, with a reason."""
    if case.origin != Origin.SENTINEL:
        return _("Only a case that the sentinel opened can be a false alarm.")
    if case.state not in HEARING:
        return _("%(number)s is %(state)s.") % _said(case)
    return why_not_judge(actor, ties)


def why_not_appeal(actor: Actor, case: ConflictCase, *, was_appealed: bool, at: datetime) -> str | None:
    """A partner on either side, once a case, within the published days."""
    if not actor.is_partner or side_of(actor, case) is None or not actor.can("conflicts.speak"):
        return _("Only a partner on one side of the case can appeal, through its administrators and sales people.")
    if was_appealed:
        return _("%(number)s was appealed already. A case is appealed once.") % _said(case)
    if case.state != State.DECIDED or case.appeal_until is None:
        return _("%(number)s is %(state)s. Only a first decision can be appealed.") % _said(case)
    if at >= case.appeal_until:
        return _("The time to appeal %(number)s is over.") % _said(case)
    return None


def why_not_answer_appeal(actor: Actor, case: ConflictCase, ties: Ties) -> str | None:
    if case.state != State.APPEALED:
        return _("%(number)s is %(state)s. No appeal waits.") % _said(case)
    if reason := why_not_judge(actor, ties):
        return reason
    if case.appeal_reviewer_id not in (None, actor.user_id):
        return _("Somebody else reviews this appeal. Take it up first.")
    return None


def why_not_write_note(actor: Actor) -> str | None:
    return None if actor.is_vendor and actor.can("conflicts.write_note") else _("Your role cannot write internal notes.")


def why_not_prepare(actor: Actor, case: ConflictCase, *, has_ruling: bool) -> str | None:
    """A precedent is made of a case that is over and was decided."""
    if not (actor.is_vendor and actor.can("conflicts.review") and actor.user_id):
        return _("Only people who review cases prepare precedents.")
    if case.state in LIVE or not has_ruling:
        return _("A case becomes a precedent when it is closed by a decision.")
    return None


def _said(case: ConflictCase) -> dict[str, str]:
    return {"number": case.number, "state": label_of(STATE, case.state).lower()}
