"""Reading what people type about lists and sharing."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.mapping import services, wording
from openprm.mapping.rules.filters import Filter
from openprm.mapping.rules.sharing import LONGEST_DAYS, PRESETS, Terms


class ListForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("What it holds"), choices=tuple(wording.KIND.items()))
    source = forms.ChoiceField(
        label=_("Where its rows come from"), choices=tuple(wording.SOURCE.items()), help_text=_("A list from records is kept up to date by itself.")
    )
    countries = forms.CharField(
        label=_("Only these countries"), max_length=200, required=False, help_text=_("Codes with a comma between, such as FI, SE. For lists from records.")
    )

    def draft(self) -> services.ListDraft:
        typed = self.cleaned_data
        countries = tuple(sorted({code.strip().upper() for code in typed["countries"].split(",") if code.strip()}))
        return services.ListDraft(name=typed["name"], kind=typed["kind"], source=typed["source"], filter=Filter(countries=countries))


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or XLSX file"), help_text=_("Columns: id, name; and domain, country, city, LEI, DUNS, VAT, owner, amount, currency, stage.")
    )


class TermsForm(forms.Form):
    level = forms.ChoiceField(label=_("What is shown"), choices=tuple(wording.LEVEL.items()))
    preset = forms.ChoiceField(label=_("Which fields"), choices=tuple(wording.PRESET.items()), required=False)
    purpose = forms.ChoiceField(label=_("What for"), choices=tuple(wording.PURPOSE.items()))
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=LONGEST_DAYS, initial=365)
    partner = forms.ChoiceField(label=_("To whom"), required=False)

    def __init__(self, *args: Any, partners: list[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = [("", _("Everybody we compare with")), *partners]
        if not partners:
            del self.fields["partner"]

    def terms(self) -> Terms:
        """Raises Invalid."""
        typed = self.cleaned_data
        fields = PRESETS[typed["preset"] or "names"]
        return services.read_terms(level=typed["level"], fields=fields, purpose=typed["purpose"], days=typed["days"])

    @property
    def partner_id(self) -> UUID | None:
        return UUID(self.cleaned_data["partner"]) if self.cleaned_data.get("partner") else None


class AskForm(forms.Form):
    kind = forms.ChoiceField(label=_("Which companies"), choices=tuple(wording.KIND.items()))
    level = forms.ChoiceField(label=_("How much"), choices=[one for one in wording.LEVEL.items() if one[0] != "hidden"])
    purpose = forms.ChoiceField(label=_("What for"), choices=tuple(wording.PURPOSE.items()))
    message = forms.CharField(label=_("Why"), max_length=500, required=False)
