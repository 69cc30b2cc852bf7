"""The forms of the promise settings: shape only, the services check what may be."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.countries import country_name
from openprm.promises import queries
from openprm.promises.queries import CalendarView
from openprm.promises.rules.holidays import countries
from openprm.promises.rules.spelling import NotDays, NotHours, parse_days, parse_spans
from openprm.ui.format import zone_of

UNITS = (("business_days", gettext_lazy("Working days")), ("business_hours", gettext_lazy("Working hours")), ("days", gettext_lazy("Days of 24 hours")))
DAY_FIELDS = tuple(f"day_{number}" for number in range(7))


def moment_of(day: date | None, *, zone: str, at: datetime) -> datetime | None:
    """When a day begins in a zone; None, which is at once, for today."""
    if day is None or day == at.astimezone(zone_of(zone)).date():
        return None
    return datetime.combine(day, time(), zone_of(zone))


class TargetForm(forms.Form):
    code = forms.ChoiceField(label=gettext_lazy("Promise"))
    amount = forms.IntegerField(label=gettext_lazy("Time"), min_value=1, max_value=2000)
    unit = forms.ChoiceField(label=gettext_lazy("Counted in"), choices=UNITS)
    program = forms.ChoiceField(label=gettext_lazy("Program"), required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), required=False)
    calendar = forms.ChoiceField(label=gettext_lazy("Calendar"))
    effective_at = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty is at once. A change that makes it harder for partners needs 14 days of notice."),
    )  # fmt: skip
    notice = forms.CharField(label=gettext_lazy("What partners read about it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, promises: list[queries.PromiseView], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["code"].choices = [(promise.code, promise.name) for promise in promises]
        fields["program"].choices = [("", _("All programs")), *queries.program_choices()]
        fields["tier"].choices = [("", _("All tiers")), *queries.tier_choices()]
        fields["calendar"].choices = queries.calendar_choices()

    def values(self, *, zone: str, at: datetime) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "code": found["code"],
            "amount": found["amount"],
            "unit": found["unit"],
            "program_id": UUID(found["program"]) if found["program"] else None,
            "tier_code": found["tier"],
            "calendar_id": UUID(found["calendar"]),
            "effective_at": moment_of(found["effective_at"], zone=zone, at=at),
            "notice": found["notice"],
        }


class HoursForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    zone = forms.CharField(
        label=gettext_lazy("Time zone"), required=False, max_length=64, help_text=gettext_lazy("For example Europe/Oslo. Empty is your organization's own.")
    )
    has_holidays = forms.BooleanField(label=gettext_lazy("Public holidays are days off"), required=False, initial=True)
    country = forms.ChoiceField(label=gettext_lazy("Holidays of"), required=False)
    subdivision = forms.CharField(
        label=gettext_lazy("Part of the country"), required=False, max_length=8, help_text=gettext_lazy("Its short code, for example BY for Bavaria.")
    )
    closed_dates = forms.CharField(
        label=gettext_lazy("Own days off"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One day on a line, as 2026-12-24."),
    )  # fmt: skip
    opened_dates = forms.CharField(
        label=gettext_lazy("Holidays on which you work"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One day on a line, as 2026-12-26."),
    )  # fmt: skip
    effective_at = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty is at once. Clocks that run keep the hours they started with."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["country"].choices = [
            ("", _("your organization's country")),
            *sorted(((code, country_name(code)) for code in countries()), key=lambda pair: pair[1]),
        ]
        for number, name in enumerate(DAY_FIELDS):
            fields[name] = forms.CharField(label=WEEKDAYS[number], required=False, max_length=200)

    @property
    def days(self) -> list[Any]:
        return [self[name] for name in DAY_FIELDS]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for name in DAY_FIELDS:
            self._read(name, parse_spans, NotHours, _("“%(text)s” is no working time. Write for example 09:00–12:00, 13:00–17:00, or leave it empty."))
        for name in ("closed_dates", "opened_dates"):
            self._read(name, parse_days, NotDays, _("“%(text)s” is no day. Write it as 2026-12-24."))
        return found

    def _read(self, name: str, parse: Any, refusal: type[ValueError], message: str) -> None:
        try:
            self.cleaned_data[name] = parse(self.cleaned_data.get(name, ""))
        except refusal as reason:
            self.add_error(name, message % {"text": reason})

    def values(self, *, zone: str, at: datetime) -> dict[str, Any]:
        found = self.cleaned_data
        kept = ("name", "zone", "country", "subdivision", "has_holidays", "closed_dates", "opened_dates")
        return {
            **{name: found[name] for name in kept},
            "week": [found[name] for name in DAY_FIELDS],
            "effective_at": moment_of(found["effective_at"], zone=zone, at=at),
        }


def hours_initial(calendar: CalendarView) -> dict[str, Any]:
    """A form that starts from the hours in force."""
    return {
        "name": calendar.name,
        "zone": calendar.own_zone,
        "country": calendar.own_country,
        "subdivision": calendar.subdivision,
        "has_holidays": calendar.has_holidays,
        "closed_dates": "\n".join(day.isoformat() for day in calendar.closed_dates),
        "opened_dates": "\n".join(day.isoformat() for day in calendar.opened_dates),
        **{name: queries.span_text(spans) for name, spans in zip(DAY_FIELDS, calendar.week, strict=True)},
    }
