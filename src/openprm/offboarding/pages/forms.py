"""Reading what people type about leaving."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.offboarding import rules
from openprm.offboarding.wording import KIND

_AREA = {"rows": 4}


class OpenForm(forms.Form):
    kind = forms.ChoiceField(label=_("Who ends it"), choices=tuple(KIND.items()), initial="mutual", widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=_AREA), help_text=_("Both sides read it, now and in the history."))
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Access ends at midnight, your time. Empty means the end of the notice."),
    )
    farewell = forms.CharField(label=_("Words of thanks"), max_length=2000, required=False, widget=forms.Textarea(attrs=_AREA))


class RequestForm(forms.Form):
    reason = forms.CharField(label=_("Why do you want to leave?"), max_length=1000, widget=forms.Textarea(attrs=_AREA))
    last_day = forms.DateField(
        label=_("Last day you wish"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty means the end of the notice that was agreed."),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("I speak for my company. When this is done, nobody of us can sign in any more."))


class SurveyForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How likely are you to recommend us as a partner?"),
        coerce=int,
        choices=[("", "–"), *((number, str(number)) for number in range(rules.SURVEY_BEST, -1, -1))],
        help_text=_("0 is not at all, 10 is very."),
    )
    text = forms.CharField(label=_("What should we have done better?"), max_length=2000, required=False, widget=forms.Textarea(attrs=_AREA))


class RetentionForm(forms.Form):
    kind = forms.CharField(widget=forms.HiddenInput)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=rules.RETENTION_MOST)


def end_of_day(day: Any, time_zone: str) -> datetime | None:
    """The last moment of a person's day, for access that ends at midnight."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(time_zone)) if day else None
