"""The form of a saved dashboard and its mailing."""

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.dashboards import services, wording
from openprm.dashboards.queries import SavedView
from openprm.kernel.ids import parse_id

HOURS = [(str(hour), f"{hour:02d}:00") for hour in range(24)]
MONTH_DAYS = [(str(day), str(day)) for day in range(1, 29)]


class SavedForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    is_shared = forms.BooleanField(
        label=_("Share with the team"), required=False, help_text=_("Everybody of your company who may see this dashboard finds it.")
    )
    every = forms.ChoiceField(label=_("Send by e-mail"), required=False)
    weekday = forms.ChoiceField(label=_("On"), required=False, help_text=_("When it goes out every week."))
    month_day = forms.ChoiceField(label=_("On day"), choices=MONTH_DAYS, required=False, help_text=_("When it goes out every month."))
    hour = forms.ChoiceField(label=_("At"), choices=HOURS, required=False)
    time_zone = forms.ChoiceField(label=_("In the time zone"), required=False)
    recipients = forms.MultipleChoiceField(
        label=_("To"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Each gets its own numbers, with its own rights of that day.")
    )

    def __init__(self, *args: Any, people: tuple[tuple[UUID, str], ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["every"].choices = [("", _("Not at all")), *wording.EVERY.items()]  # type: ignore[attr-defined]
        self.fields["weekday"].choices = [(str(place), label) for place, label in enumerate(wording.WEEKDAYS)]  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]  # type: ignore[attr-defined]
        self.fields["recipients"].choices = [(str(user_id), name) for user_id, name in people]  # type: ignore[attr-defined]

    def rhythm(self) -> services.Rhythm | None:
        """None when nothing is mailed."""
        given = self.cleaned_data
        if not given["every"]:
            return None
        day = given["weekday"] if given["every"] == "weekly" else given["month_day"]
        people = tuple(one for one in map(parse_id, given["recipients"]) if one)
        return services.Rhythm(every=given["every"], day=int(day or 1), hour=int(given["hour"] or 8), time_zone=given["time_zone"] or "UTC", recipients=people)


def initial(view: SavedView, time_zone: str) -> dict[str, Any]:
    """What stands, or a Monday at eight for who begins."""
    plan = view.mailing
    given = {"name": view.name, "is_shared": view.is_shared, "every": "", "weekday": "0", "month_day": "1", "hour": "8", "time_zone": time_zone}
    if plan is None:
        return given
    day = {"weekday": str(plan.day)} if plan.every == "weekly" else {"month_day": str(plan.day)}
    people = [str(one.user_id) for one in plan.recipients]
    return given | day | {"every": plan.every, "hour": str(plan.hour), "time_zone": plan.time_zone, "recipients": people}
