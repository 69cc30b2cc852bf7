"""The facts of a case as sentences, in the reader's language."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.conflicts.models import CaseFact, ConflictCase
from openprm.conflicts.queries.results import FactView
from openprm.conflicts.rules.lifecycle import Side
from openprm.conflicts.wording import ACTIVITY, PURPOSE, label_of
from openprm.deals.queries import status_label
from openprm.kernel.actor import Actor
from openprm.rulebook import queries as rulebook

ICONS = {
    "registration": "file-text", "protection": "shield-check", "decision": "scale", "rule": "scroll-text", "activity": "phone", "touch": "circle-alert",
    "prior": "rotate-cw", "territory": "map",
}  # fmt: skip


def fact_view(actor: Actor, case: ConflictCase, row: CaseFact, *, is_internal: bool) -> FactView:
    text, url = _WORDS[row.kind](actor, case, row), ""
    if row.kind == "rule" and row.values.get("version_id"):
        url = reverse("rulebook:version" if actor.sees_all_partners else "rulebook:portal_version", args=[row.values["version_id"]])
    return FactView(kind=row.kind, icon=ICONS.get(row.kind, "circle-dot"), text=text, at=row.happened_at, is_internal=is_internal, url=url)


def _whose(actor: Actor, case: ConflictCase, row: CaseFact) -> str:
    """Whose fact it is, as this reader may know it."""
    is_claim = row.about == Side.CLAIMANT
    if actor.sees_all_partners:
        partner = case.partner if is_claim else case.other_partner
        return partner.name if partner else _("our own people")
    mine = (case.partner_id if is_claim else case.other_partner_id) in actor.partner_ids
    return _("your side") if mine else _("the other side")


def _registration(actor: Actor, case: ConflictCase, row: CaseFact) -> str:
    said = {"who": _whose(actor, case, row), "number": row.values.get("number", ""), "status": str(status_label(row.values["status"])).lower()}
    if said["number"]:
        return _("%(number)s was registered by %(who)s. It is %(status)s.") % said
    return _("A registration of %(who)s. It is %(status)s.") % said


def _protection(actor: Actor, case: ConflictCase, row: CaseFact) -> str:
    said = {
        "who": _whose(actor, case, row), "since": _day(row.values["starts_at"]), "until": _day(row.values["ends_at"]),
        "line": row.values.get("product_line", ""), "territory": row.values.get("territory", ""),
    }  # fmt: skip
    if said["line"]:
        return _("Protection of %(who)s for %(line)s in %(territory)s, from %(since)s to %(until)s.") % said
    return _("Protection of %(who)s, from %(since)s to %(until)s.") % said


def _decision(actor: Actor, case: ConflictCase, row: CaseFact) -> str:
    kinds = {"routed": _("routed"), "approved": _("approved"), "rejected": _("rejected"), "remedied": _("mended after a late answer")}
    said = {"number": row.values.get("number", ""), "what": kinds.get(row.values["kind"], row.values["kind"]), "clause": row.values.get("clause", "")}
    words = (_("%(number)s was %(what)s by clause %(clause)s.") if said["clause"] else _("%(number)s was %(what)s.")) % said
    return f"{words} {row.values['text']}" if row.values.get("text") else words


def _rule(actor: Actor, case: ConflictCase, row: CaseFact) -> str:
    kind = rulebook.find_kind(row.values["kind"])
    title = kind.title if kind else row.values["kind"]
    return _("“%(rules)s”, version %(number)s, was in force when the case was opened.") % {"rules": title, "number": row.values["version"]}


def _activity(actor: Actor, case: ConflictCase, row: CaseFact) -> str:
    count = row.values["count"]
    if row.values.get("ours"):
        said = ngettext("Our own people logged %(count)d activity at this customer.", "Our own people logged %(count)d activities at this customer.", count)
        return said % {"count": count}
    said = {"count": count, "who": _whose(actor, case, row), "verified": row.values.get("verified", 0)}
    if not count:
        return _("No activity of %(who)s is logged on the deal.") % said
    return (
        ngettext(
            "%(count)d activity of %(who)s is logged on the deal, %(verified)d of them verified.",
            "%(count)d activities of %(who)s are logged on the deal, %(verified)d of them verified.",
            count,
        )
        % said
    )


def _touch(actor: Actor, case: ConflictCase, row: CaseFact) -> str:
    said = _("Direct contact with the customer: %(kind)s.") % {"kind": label_of(ACTIVITY, row.values["kind"])}
    if not actor.sees_all_partners:
        return said
    reason = _("Reason given: %(purpose)s.") % {"purpose": label_of(PURPOSE, row.values.get("purpose", ""))}
    return " ".join(filter(None, (said, reason, row.values.get("summary", ""))))


def _prior(actor: Actor, case: ConflictCase, row: CaseFact) -> str:
    count = row.values["count"]
    return ngettext(
        "%(count)d earlier case about the same person was founded in twelve months.",
        "%(count)d earlier cases about the same person were founded in twelve months.",
        count,
    ) % {"count": count}


def _day(text: str) -> str:
    return date_format(datetime.fromisoformat(text), "j M Y")


_WORDS: dict[str, Any] = {
    "registration": _registration, "protection": _protection, "decision": _decision, "rule": _rule, "activity": _activity, "touch": _touch, "prior": _prior,
}  # fmt: skip
