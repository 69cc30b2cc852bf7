"""The words people read for the codes that rules speak."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.actionplans.rules.agreement import Change
from openprm.actionplans.rules.content import Fault
from openprm.actionplans.rules.standing import Standing
from openprm.actionplans.rules.words import Health, Side, State, Visibility

SIDE = {Side.VENDOR: gettext_lazy("Vendor"), Side.PARTNER: gettext_lazy("Partner"), Side.CUSTOMER: gettext_lazy("Customer")}
STATE = {State.OPEN: (gettext_lazy("Open"), ""), State.DONE: (gettext_lazy("Done"), "ok"), State.SKIPPED: (gettext_lazy("Skipped"), "")}
HEALTH = {
    Health.ON_TRACK: (gettext_lazy("On track"), "ok"),
    Health.AT_RISK: (gettext_lazy("At risk"), "warn"),
    Health.LATE: (gettext_lazy("Late"), "bad"),
    Health.DONE: (gettext_lazy("Everything done"), "ok"),
    Health.EMPTY: (gettext_lazy("No steps yet"), ""),
}
VISIBILITY = {
    Visibility.SHARED: gettext_lazy("Both sides"),
    Visibility.VENDOR: gettext_lazy("Our side only"),
    Visibility.PARTNER: gettext_lazy("Our side only"),
}
AGREEMENT = {
    "agreed": (gettext_lazy("Agreed"), "ok"),
    "waits_vendor": (gettext_lazy("Waits for the vendor's signature"), "warn"),
    "waits_partner": (gettext_lazy("Waits for the partner's signature"), "warn"),
    "changed": (gettext_lazy("Changed since it was agreed"), "warn"),
    "open": (gettext_lazy("Not agreed yet"), ""),
}
FIELD = {
    "title": gettext_lazy("Title"),
    "about": gettext_lazy("What it is about"),
    "side": gettext_lazy("Whose step"),
    "owner": gettext_lazy("Who does it"),
    "customer_contact": gettext_lazy("Customer's contact"),
    "due_date": gettext_lazy("Due"),
    "waits_for": gettext_lazy("Waits for"),
    "skipped": gettext_lazy("Skipped"),
    "close_date": gettext_lazy("Close date"),
}
PRIVATE_VERB = {
    "added": gettext_lazy("added a private step"),
    "changed": gettext_lazy("changed a private step"),
    "done": gettext_lazy("did a private step"),
    "skipped": gettext_lazy("skipped a private step"),
    "reopened": gettext_lazy("opened a private step again"),
    "removed": gettext_lazy("removed a private step"),
    "moved": gettext_lazy("moved a private step with the close date"),
    "file_added": gettext_lazy("added a file to a private step"),
    "file_removed": gettext_lazy("removed a file from a private step"),
}
FAULT = {
    "empty": gettext_lazy("Add at least one step."),
    "too_many": gettext_lazy("A template holds at most %(value)s steps."),
    "twice": gettext_lazy("Two steps share the key “%(value)s”. Give one of them another title."),
    "circle": gettext_lazy("These steps wait for each other in a circle: %(value)s. Take one link away."),
    "key": gettext_lazy("“%(value)s” is no key: small letters, digits and hyphens, at most 40."),
    "title": gettext_lazy("Each step needs a title of at most %(value)s characters."),
    "about": gettext_lazy("The text of a step is at most %(value)s characters long."),
    "days": gettext_lazy("A step is due 0 to %(value)s working days before the close date."),
    "unknown_step": gettext_lazy("“%(value)s” is no step of this template."),
}


def fault(one: Fault) -> str:
    return str(FAULT[one.code]) % {"value": one.value}


def health_reason(found: Standing, title: str) -> str:
    """Why a plan stands as it does, in one sentence. `title` is the step that the rule names."""
    said = {"title": title, "days": found.days, "count": found.count}
    if found.reason == "overdue":
        one = ngettext("“%(title)s” is %(days)d day late.", "“%(title)s” is %(days)d days late.", found.days) % said
        others = found.count - 1
        more = ngettext("%(count)d other step is late too.", "%(count)d other steps are late too.", others) % {"count": others} if others else ""
        return f"{one} {more}".strip()
    if found.reason == "closed_before_done":
        return ngettext(
            "The close date passed %(days)d day ago and steps are open.", "The close date passed %(days)d days ago and steps are open.", found.days
        ) % said  # fmt: skip
    if found.reason == "after_close":
        return ngettext("“%(title)s” is due %(days)d day after the close date.", "“%(title)s” is due %(days)d days after the close date.", found.days) % said
    if found.reason == "much_left":
        return ngettext(
            "%(count)d step is open with a week or less to the close date.", "%(count)d steps are open with a week or less to the close date.", found.count
        ) % said  # fmt: skip
    return _soon(said) if found.reason == "next" else str(_QUIET[found.reason])


def _soon(said: dict[str, Any]) -> str:
    if said["days"] == 0:
        return _("Next: “%(title)s”, today.") % said
    return ngettext("Next: “%(title)s” in %(days)d day.", "Next: “%(title)s” in %(days)d days.", said["days"]) % said


_QUIET = {"all_done": gettext_lazy("Every step is done or skipped."), "empty": gettext_lazy("Add the first step, or begin with a template.")}


def change_line(one: Change, names: dict[str, str]) -> str:
    """One difference to what was signed, in words. `names` turns ids of people and steps into names."""
    before, after = (_named(value, one.field, names) for value in (one.before, one.after))
    said = {"title": one.title, "field": str(FIELD.get(one.field, one.field)), "before": before or "–", "after": after or "–"}
    if one.kind == "added":
        return _("Added: “%(title)s”") % said
    if one.kind == "removed":
        return _("Removed: “%(title)s”") % said
    if one.kind == "close_date":
        return _("Close date: %(before)s → %(after)s") % said
    if one.field == "about":
        return _("“%(title)s”: another text") % said
    if one.field == "skipped":
        return (_("Skipped: “%(title)s”") if one.after == "True" else _("Opened again: “%(title)s”")) % said
    return _("“%(title)s”, %(field)s: %(before)s → %(after)s") % said


def _named(value: str, field: str, names: dict[str, str]) -> str:
    if field in ("due_date", "close_date") and value:
        return date_format(date.fromisoformat(value), "j M Y")
    if field == "side" and value:
        return str(SIDE[Side(value)])
    return ", ".join(names.get(part, part) for part in value.split(", ")) if field in ("owner", "waits_for") and value else value
