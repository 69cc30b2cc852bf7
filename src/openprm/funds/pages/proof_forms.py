"""Reading what people type about kinds of activity, proofs, simulations, co-op rates, links and deadlines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.funds.pages.proof_common import plain
from openprm.funds.rules.catalogue import FORMATS, MOST_PROOFS
from openprm.funds.rules.judgement import Paper
from openprm.funds.wording_proofs import FORMAT
from openprm.kernel.files import sniff
from openprm.kernel.money import currencies
from openprm.partners import queries as partners

SPARE_PROOFS = 2
MOST_IMAGINED = 20
COUNTRIES_HELP = gettext_lazy("Codes of countries: FI, SE. Empty: everywhere.")
TIER_HELP = gettext_lazy("Without one it counts for all tiers that have no rate of their own.")
WEIGHT_HELP = gettext_lazy("Of the deal's revenue. All requests together give away 100 per cent at most.")
FUND_HELP = gettext_lazy("Its share of a cost, what is left of it and its last day to claim count too.")
ANSWER_HELP = gettext_lazy("The partner reads it. A refusal needs one.")


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def amount(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **options)


def currency(**options: Any) -> forms.CharField:
    return forms.RegexField(r"^[A-Za-z]{3}$", label=gettext_lazy("Currency"), max_length=3, min_length=3, **options)


class CurrencyForm(forms.Form):
    """Holds its `currency` to the codes there are."""

    def clean_currency(self) -> str:
        code = (self.cleaned_data.get("currency") or "").upper()
        if code and code not in currencies():
            raise forms.ValidationError(_("“%(code)s” is not a currency code. Use three letters, for example EUR.") % {"code": code})
        return code


class KindForm(CurrencyForm):
    """One kind of activity; its proofs are forms of their own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    about = forms.CharField(label=gettext_lazy("What it is"), max_length=2000, required=False, widget=area(2))
    max_percent = forms.DecimalField(
        label=gettext_lazy("We pay up to"), max_digits=5, decimal_places=2, help_text=gettext_lazy("Per cent of what the partner spends.")
    )  # fmt: skip
    cap = amount(gettext_lazy("At most"), required=False, help_text=gettext_lazy("For one activity. Empty: no limit."))
    currency = currency(required=False)
    claim_within_days = forms.IntegerField(label=gettext_lazy("Claim within days"), help_text=gettext_lazy("After the end of the activity."))
    countries = forms.CharField(label=gettext_lazy("Only in"), max_length=1000, required=False, help_text=COUNTRIES_HELP)
    programs = forms.MultipleChoiceField(label=gettext_lazy("Only for programs"), required=False, widget=forms.CheckboxSelectMultiple)
    tiers = forms.MultipleChoiceField(label=gettext_lazy("Only for tiers"), required=False, widget=forms.CheckboxSelectMultiple)
    partner_types = forms.MultipleChoiceField(label=gettext_lazy("Only for"), required=False, widget=forms.CheckboxSelectMultiple)
    is_active = forms.BooleanField(label=gettext_lazy("In the catalogue"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._choose("programs", [(one.code, one.name) for one in partners.programs(actor)])
        self._choose("tiers", partners.tier_codes())
        self._choose("partner_types", [(code, label) for code, label in partners.type_labels().items()])

    def _choose(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = list(choices)

    def clean_countries(self) -> list[str]:
        return [code for code in self.cleaned_data["countries"].upper().replace(",", " ").split() if code]


class ProofForm(forms.Form):
    """One proof; a row without a name is none."""

    name = forms.CharField(label=gettext_lazy("Proof"), max_length=120, required=False)
    about = forms.CharField(label=gettext_lazy("What it must show"), max_length=500, required=False)
    formats = forms.MultipleChoiceField(
        label=gettext_lazy("Formats"), choices=[(code, FORMAT[code]) for code in FORMATS], required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    minimum = forms.IntegerField(label=gettext_lazy("Files at least"), required=False, initial=1)
    max_age_days = forms.IntegerField(label=gettext_lazy("At most days old"), required=False)
    dated_within = forms.BooleanField(label=gettext_lazy("Dated within the activity"), required=False)


ProofForms = forms.formset_factory(ProofForm, extra=SPARE_PROOFS, max_num=MOST_PROOFS, absolute_max=MOST_PROOFS)


def proofs_of(rows: Any) -> list[dict[str, Any]]:
    """What the service takes: the rows that have a name."""
    given = (row.cleaned_data for row in rows if row.cleaned_data.get("name"))
    return [{**values, "minimum": 1 if values.get("minimum") is None else values["minimum"]} for values in given]


def kind_initial(kind: Any) -> dict[str, Any]:
    names = ("name", "about", "claim_within_days", "programs", "tiers", "partner_types", "is_active")
    cap = {"cap": f"{kind.cap.major:f}", "currency": kind.cap.currency} if kind.cap else {}
    return {name: getattr(kind, name) for name in names} | {"max_percent": plain(kind.max_percent), "countries": ", ".join(kind.countries)} | cap


class Files(forms.FileInput):
    allow_multiple_selected = True


class SimulationForm(CurrencyForm):
    """A claim that is only imagined: what was spent and when, and for each proof some files, or how many there would be and of which kind."""

    spent = amount(gettext_lazy("You spend"))
    currency = currency()
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=day())
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=day())
    on = forms.DateField(label=gettext_lazy("You claim on"), widget=day())

    def __init__(self, *args: Any, proofs: Iterable[Any], fixed: bool = False, funds: Sequence[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.proofs = tuple(proofs)
        if funds:
            choices = [*funds, ("", _("No fund: the catalogue alone"))]
            self.fields["allocation_id"] = forms.TypedChoiceField(
                label=_("Out of the fund"), choices=choices, coerce=UUID, empty_value=None, required=False, help_text=FUND_HELP
            )
        for name in ("starts_on", "ends_on") if fixed else ():
            del self.fields[name]
        for index, proof in enumerate(self.proofs):
            self.fields[f"files_{index}"] = forms.Field(
                label=_("Drafts"), required=False, widget=Files(attrs={"multiple": True}), help_text=_("They are looked at and not kept.")
            )  # fmt: skip
            self.fields[f"count_{index}"] = forms.IntegerField(label=_("Files you would have"), min_value=0, max_value=MOST_IMAGINED, required=False)
            self.fields[f"format_{index}"] = forms.ChoiceField(
                label=_("Saved as"), choices=[(code, FORMAT[code]) for code in FORMATS], required=False, initial=proof.formats[0]
            )
            if proof.needs_date:
                self.fields[f"dated_{index}"] = forms.DateField(label=_("Dated"), widget=day(), required=False)

    def rows(self) -> list[dict[str, Any]]:
        """Each proof with its fields, for the template."""
        return [
            {
                "proof": proof,
                "drafts": self[f"files_{index}"],
                "fields": [self[f"{name}_{index}"] for name in ("count", "format", "dated") if f"{name}_{index}" in self.fields],
            }
            for index, proof in enumerate(self.proofs)
        ]

    def papers(self, files: Mapping[str, Any]) -> tuple[Paper, ...]:
        """What would be handed in; the format of a file is what its content is, never what its name says."""
        found: list[Paper] = []
        for index, proof in enumerate(self.proofs):
            dated = self.cleaned_data.get(f"dated_{index}")
            for sent in list(getattr(files, "getlist", lambda _name: [])(f"files_{index}"))[:MOST_IMAGINED]:
                kind = sniff(sent.read())
                found.append(Paper(rule=proof.code, format=kind[1] if kind else "", dated_on=dated, name=sent.name[:120]))
            count, format_ = self.cleaned_data.get(f"count_{index}") or 0, self.cleaned_data.get(f"format_{index}") or ""
            found += [Paper(rule=proof.code, format=format_, dated_on=dated)] * count
        return tuple(found)


class UploadForm(forms.Form):
    rule = forms.ChoiceField(label=gettext_lazy("It proves"))
    dated_on = forms.DateField(label=gettext_lazy("Dated"), widget=day(), required=False, help_text=gettext_lazy("The day that the document bears."))
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, proofs: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        rule: Any = self.fields["rule"]
        rule.choices = [(one.code, f"{one.name} ({one.formats_label})") for one in proofs]


class RateForm(forms.Form):
    program_id = forms.ChoiceField(label=gettext_lazy("Program"))
    tier_id = forms.ChoiceField(label=gettext_lazy("Tier"), required=False, help_text=TIER_HELP)
    percent = forms.DecimalField(label=gettext_lazy("Share of a won deal, per cent"), max_digits=5, decimal_places=2)
    expires_after_days = forms.IntegerField(label=gettext_lazy("Lasts so many days"), initial=365)
    effective_from = forms.DateField(label=gettext_lazy("From"), widget=day())

    def __init__(self, *args: Any, actor: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["program_id"].choices = partners.program_choices(actor)
        fields["tier_id"].choices = [("", _("All tiers")), *partners.tier_choices(actor)]


class CorrectionForm(forms.Form):
    revenue = amount(gettext_lazy("What the deal really brought"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=area(), help_text=gettext_lazy("The partner reads it."))


class LinkForm(forms.Form):
    subject = forms.ChoiceField(label=gettext_lazy("It helped"))
    weight = forms.DecimalField(
        label=gettext_lazy("Share in per cent"),
        max_digits=5,
        decimal_places=2,
        help_text=WEIGHT_HELP,
    )
    note = forms.CharField(label=gettext_lazy("How"), max_length=300, required=False)

    def __init__(self, *args: Any, groups: Iterable[tuple[Any, list[tuple[str, str]]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        subject: Any = self.fields["subject"]
        subject.choices = [(label, rows) for label, rows in groups if rows]


class AskForm(forms.Form):
    until = forms.DateField(label=gettext_lazy("New deadline"), widget=day())
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=2000, widget=area(4))


class AnswerForm(forms.Form):
    until = forms.DateField(label=gettext_lazy("New deadline"), widget=day(), required=False)
    answer = forms.CharField(label=gettext_lazy("Your answer"), max_length=2000, required=False, widget=area(), help_text=ANSWER_HELP)


class AssumptionForm(forms.Form):
    margin_percent = forms.DecimalField(label=gettext_lazy("Gross margin, per cent"), max_digits=5, decimal_places=2)
    window_days = forms.IntegerField(label=gettext_lazy("A deal counts for so many days after the activity"))


class PeriodForm(forms.Form):
    since = forms.DateField(label=gettext_lazy("Approved from"), widget=day(), required=False)
    until = forms.DateField(label=gettext_lazy("to before"), widget=day(), required=False)
