"""Reading what people type about lists and sharing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.kernel.errors import Refusal
from openprm.kernel.money import parse_amount
from openprm.mapping import services, wording
from openprm.mapping.rules.filters import Filter
from openprm.mapping.rules.sharing import LONGEST_DAYS, PRESETS, Terms

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FILTERS = (
    "countries", "industries", "owners", "programs", "stages", "least", "most", "currency", "closes_from", "closes_until", "won_from", "won_until",
)  # fmt: skip


class ListForm(forms.Form):
    """A list: its name, what it holds, and for one made of records which records. `choices` are the values that the records know."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("What it holds"), choices=tuple(wording.KIND.items()))
    source = forms.ChoiceField(
        label=_("Where its rows come from"), choices=tuple(wording.SOURCE.items()), help_text=_("A list from records is kept up to date by itself.")
    )
    countries = forms.CharField(label=_("Only these countries"), max_length=200, required=False, help_text=_("Codes with a comma between, such as FI, SE."))
    industries = forms.MultipleChoiceField(label=_("Industries"), required=False)
    owners = forms.MultipleChoiceField(label=_("Owners"), required=False)
    programs = forms.MultipleChoiceField(label=_("Programs of open deals"), required=False)
    stages = forms.MultipleChoiceField(label=_("Stages of open deals"), required=False)
    least = forms.CharField(label=_("Open deals of at least"), max_length=30, required=False)
    most = forms.CharField(label=_("Open deals of at most"), max_length=30, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False, help_text=_("Three letters, such as EUR."))
    closes_from = forms.DateField(label=_("Expected to close from"), required=False, widget=DAY)
    closes_until = forms.DateField(label=_("Expected to close until"), required=False, widget=DAY)
    won_from = forms.DateField(label=_("Last won from"), required=False, widget=DAY)
    won_until = forms.DateField(label=_("Last won until"), required=False, widget=DAY)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, choices: Mapping[str, Sequence[tuple[str, int]]], locale: str = "en", is_made: bool = False, source: str = "", **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.locale = locale
        for column in ("industries", "owners", "programs", "stages"):
            known = self._known(column, choices.get(column, ()))
            self.fields[column].choices = known
            self.fields[column].widget.attrs |= {"size": min(4, len(known)), "style": "height:auto"}
            if not known:
                del self.fields[column]
        if is_made:
            del self.fields["kind"], self.fields["source"]
        if source and source != "records":
            for name in FILTERS:
                self.fields.pop(name, None)

    def _known(self, column: str, counted: Sequence[tuple[str, int]]) -> list[tuple[str, str]]:
        held = [value for value in self.initial.get(column) or () if value not in dict(counted)]
        return [(value, f"{value} ({count})") for value, count in counted] + [(value, value) for value in held]

    @property
    def chosen(self) -> list[forms.BoundField]:
        """The fields of which one ticks values that the records know."""
        return [self[name] for name in ("industries", "owners", "programs", "stages") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if (typed.get("least") or typed.get("most")) and not typed.get("currency"):
            self.add_error("currency", _("Say in which currency the amounts are."))
        for first, last in (("closes_from", "closes_until"), ("won_from", "won_until")):
            if typed.get(first) and typed.get(last) and typed[first] > typed[last]:
                self.add_error(last, _("This day is before the first one."))
        typed["amounts"] = {name: self._amount(name) for name in ("least", "most")} if typed.get("currency") else {}
        return typed

    def _amount(self, name: str) -> int:
        text = self.cleaned_data.get(name)
        if not text:
            return 0
        try:
            return parse_amount(text, self.cleaned_data["currency"].upper(), self.locale, field=name).minor
        except Refusal as refusal:
            self.add_error(name, refusal.message)
            return 0

    def filter(self) -> Filter:
        typed = self.cleaned_data
        lists = {name: tuple(typed.get(name) or ()) for name in ("industries", "owners", "programs", "stages")}
        countries = tuple(sorted({code.strip().upper() for code in typed.get("countries", "").split(",") if code.strip()}))
        days = {name: typed.get(name) for name in ("closes_from", "closes_until", "won_from", "won_until")}
        amounts = {f"{name}_minor": minor for name, minor in typed.get("amounts", {}).items()}
        return Filter(countries=countries, currency=(typed.get("currency") or "").upper(), **lists, **days, **amounts)

    def draft(self) -> services.ListDraft:
        typed = self.cleaned_data
        wanted = self.filter() if typed["source"] == "records" else Filter()
        return services.ListDraft(name=typed["name"], kind=typed["kind"], source=typed["source"], filter=wanted)


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
    list = forms.ChoiceField(label=_("Which list"), required=False)
    kind = forms.ChoiceField(label=_("or which companies"), choices=tuple(wording.KIND.items()))
    level = forms.ChoiceField(label=_("How much"), choices=[one for one in wording.LEVEL.items() if one[0] != "hidden"])
    preset = forms.ChoiceField(label=_("Which fields"), choices=tuple(wording.PRESET.items()), required=False)
    purpose = forms.ChoiceField(label=_("What for"), choices=tuple(wording.PURPOSE.items()))
    message = forms.CharField(label=_("Why"), max_length=500, required=False)

    def __init__(self, *args: Any, lists: Sequence[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["list"].choices = [("", _("One that we do not see yet")), *lists]
        if not lists:
            del self.fields["list"]

    def terms(self) -> Terms:
        """Raises Invalid."""
        typed = self.cleaned_data
        return services.read_terms(level=typed["level"], fields=PRESETS[typed["preset"] or "names"], purpose=typed["purpose"])

    @property
    def population_id(self) -> UUID | None:
        return UUID(self.cleaned_data["list"]) if self.cleaned_data.get("list") else None


class RuleForm(forms.Form):
    percent = forms.DecimalField(label=_("A match is at least so sure, in percent"), min_value=30, max_value=99, max_digits=4, decimal_places=1)
    one_only = forms.BooleanField(
        label=_("Each company in one match alone"),
        required=False,
        help_text=_("Otherwise a company may be in several: one group of theirs can be three subsidiaries of ours."),
    )

    @property
    def permille(self) -> int:
        return int(self.cleaned_data["percent"] * 10)
