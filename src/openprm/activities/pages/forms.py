"""Reading what people type about an activity."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from openprm.activities.wording import DIRECTION, KIND, PURPOSE
from openprm.kernel.errors import Invalid
from openprm.kernel.files import MAX_BYTES

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LogForm(forms.Form):
    """What was done, when, with whom, and what came of it."""

    kind = forms.ChoiceField(label=_("What was it"), choices=list(KIND.items()))
    day = forms.DateField(label=_("When"), widget=_DAY)
    person = forms.CharField(label=_("With whom"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    person_email = forms.EmailField(label=_("Their e-mail"), max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    direction = forms.ChoiceField(label=_("Who began it"), choices=list(DIRECTION.items()), initial="out")
    purpose = forms.ChoiceField(label=_("Why"), choices=[("", _("Not said")), *PURPOSE.items()], required=False)
    summary = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    outcome = forms.CharField(label=_("What came of it"), max_length=1000, required=False)
    proof = forms.FileField(label=_("Proof"), required=False, help_text=_("An agenda, a mail or a protocol: PDF, PNG, JPEG, Office or text, up to 20 MB."))

    def __init__(self, *args: Any, at: datetime, time_zone: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.at, self.zone = at, ZoneInfo(time_zone)
        today = at.astimezone(self.zone).date()
        self.fields["day"].initial = today
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day > self.at.astimezone(self.zone).date():
            raise forms.ValidationError(_("This lies in the future. Log what has happened; plan the rest as a task."))
        return day

    def values(self) -> dict[str, Any]:
        """What was typed, as the service takes it. Raises Invalid for a file that is too large."""
        same = ("kind", "person", "person_email", "direction", "purpose", "summary", "outcome")
        return {name: self.cleaned_data[name] for name in same} | {"occurred_at": self._moment(), "proof": _content(self.cleaned_data.get("proof"))}

    def _moment(self) -> datetime:
        """A day that a person names stands at its noon; today at this moment."""
        noon = datetime.combine(self.cleaned_data["day"], time(12), self.zone)
        return self.at if self.at - timedelta(hours=36) < noon and noon.date() == self.at.astimezone(self.zone).date() else noon


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def _content(file: UploadedFile | None) -> tuple[str, bytes] | None:
    if file is None:
        return None
    if (file.size or 0) > MAX_BYTES:
        raise Invalid(_("The file is larger than 20 MB. Send a smaller one."), field="proof")
    return file.name or "file", file.read()
