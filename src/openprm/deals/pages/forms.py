"""Reading what people type: the registration form with its lines, and the small forms of the dialogs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal
from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openprm.deals.queries.results import FormOptions, Option
from openprm.deals.rules.draft import MAX_LENGTH, MAX_LINES, LineDraft, RegistrationDraft, merged
from openprm.deals.rules.renewals import LONGEST_TERM_MONTHS
from openprm.deals.wording import DEAL_TYPE, FIELD
from openprm.kernel.errors import Invalid
from openprm.kernel.money import Money, parse_amount

CLOSES_IN = timedelta(days=90)
TEXTS = (
    "title", "customer_name", "customer_domain", "customer_country", "customer_city", "contact_name", "contact_email",
    "contact_phone", "contact_title", "description", "next_step", "competitor",
)  # fmt: skip


def _choices(options: Iterable[Option], *, blank: Any = None) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(option.value, option.label) for option in options]
    return [("", blank), *found] if blank is not None else found


def _products(options: FormOptions) -> list[tuple[Any, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for product in options.products:
        groups.setdefault(product.line, []).append((str(product.id), product.name))
    return [("", _("Choose a product")), *groups.items()]


def _text(name: str, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=FIELD[name], max_length=MAX_LENGTH[name], required=required, **kwargs)


class LineForm(forms.Form):
    """One product of the deal with its amount in the deal's currency."""

    product_id = forms.TypedChoiceField(label=_("Product"), coerce=UUID, empty_value=None, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=1_000_000, required=False, initial=1)
    amount = forms.CharField(label=_("Amount"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    term_months = forms.IntegerField(label=_("Months"), min_value=0, max_value=LONGEST_TERM_MONTHS, required=False)

    def __init__(self, *args: Any, options: FormOptions, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product_id"].choices = _products(options)

    @property
    def is_blank(self) -> bool:
        return not self.data.get(self.add_prefix("product_id")) and not self.data.get(self.add_prefix("amount"))

    def line(self, *, currency: str, locale: str) -> LineDraft | None:
        """The line as typed; None with the error beside the field when it cannot be used."""
        values = self.cleaned_data
        if not values.get("product_id"):
            if not self.errors:
                self.add_error("product_id", _("Choose the product this amount is for."))
            return None
        try:
            amount = parse_amount(values.get("amount") or "0", currency, locale)
        except Invalid as refusal:
            self.add_error("amount", refusal.message)
            return None
        if amount.minor < 0:
            self.add_error("amount", _("An amount is not below zero."))
            return None
        return LineDraft(
            product_id=values["product_id"], quantity=values.get("quantity") or 1, amount_minor=amount.minor, term_months=values.get("term_months") or 0
        )


class DealForm(forms.Form):
    """The one-page registration. `draft()` gives what was typed, also when some of it is still blank."""

    title = _text("title", help_text=_("Leave it empty and we use the customer and the product."))
    customer_name = _text("customer_name", required=True, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    customer_domain = _text(
        "customer_domain",
        help_text=_("For example ostravasteel.cz. It finds duplicates best."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    customer_country = forms.ChoiceField(label=FIELD["customer_country"], required=False)
    customer_city = _text("customer_city")
    contact_name = _text("contact_name", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    contact_email = forms.EmailField(label=FIELD["contact_email"], max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    contact_phone = _text("contact_phone", widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    contact_title = _text("contact_title")
    currency = forms.ChoiceField(label=FIELD["currency"])
    expected_close_date = forms.DateField(label=FIELD["expected_close_date"], required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    deal_type = forms.ChoiceField(label=FIELD["deal_type"], choices=list(DEAL_TYPE.items()), initial="new", required=False)
    description = _text("description", widget=forms.Textarea(attrs={"rows": 3}))
    next_step = _text("next_step")
    competitor = _text("competitor")
    engaged_since_date = forms.DateField(label=FIELD["engaged_since_date"], required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    territory_id = forms.TypedChoiceField(label=FIELD["territory_id"], coerce=UUID, empty_value=None, required=False)
    program_id = forms.TypedChoiceField(label=FIELD["program_id"], coerce=UUID, empty_value=None, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        options: FormOptions,
        locale: str = "en",
        open_fields: frozenset[str] | None = None,
        initial: Mapping[str, Any] | None = None,
        rows: int = 1,
    ):
        super().__init__(data, initial={"currency": options.default_currency, **(initial or {})})
        self.options, self.locale, self.open_fields = options, locale, open_fields
        self.fields["customer_country"].choices = _choices(options.countries, blank=_("Choose a country"))
        self.fields["currency"].choices = _choices(options.currencies)
        self.fields["territory_id"].choices = _choices(options.territories, blank=_("By the customer's country"))
        self.fields["program_id"].choices = _choices(options.programs)
        self.lines = self._line_forms(data, initial or {}, rows)
        self._keep_open()

    def _line_forms(self, data: Any, initial: Mapping[str, Any], rows: int) -> list[LineForm]:
        known = list(initial.get("lines", ()))
        count = max(rows, len(known), 1)
        if data is not None:
            asked = data.get("rows", "1")
            count = int(asked) if asked.isdecimal() and len(asked) < 4 else 1
        return [
            LineForm(data, prefix=f"lines-{index}", options=self.options, initial=known[index] if index < len(known) else {"quantity": 1})
            for index in range(min(max(count, 1), MAX_LINES))
        ]

    def _keep_open(self) -> None:
        """A returned registration shows its opened fields alone."""
        if self.open_fields is None:
            return
        for name in [name for name in self.fields if name not in self.open_fields]:
            del self.fields[name]
        if "lines" not in self.open_fields:
            self.lines = []

    @property
    def everything(self) -> "Everything":
        return Everything(self)

    @property
    def has_details(self) -> bool:
        """Whether the folded part holds something that must be seen."""
        folded = ("customer_city", "contact_phone", "contact_title", "description", "next_step", "competitor", "engaged_since_date", "territory_id", "title")
        return any(name in self.errors or (self.is_bound and self.data.get(name)) or self.initial.get(name) for name in folded)

    def draft(self, base: RegistrationDraft | None = None) -> RegistrationDraft | None:
        """What was typed over `base`, or None when a field cannot be read; its error then stands beside it."""
        usable = self.is_valid()
        values = {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
        currency = values.get("currency") or (base.currency if base else self.options.default_currency)
        if self.lines:
            values["lines"], good = self._lines(currency)
            usable = usable and good
        return merged(base or RegistrationDraft(), values) if usable else None

    def _lines(self, currency: str) -> tuple[tuple[LineDraft, ...], bool]:
        written = [form for form in self.lines if not form.is_blank]
        lines = [form.line(currency=currency, locale=self.locale) for form in written if form.is_valid()]
        good = len(lines) == len(written) and None not in lines
        return tuple(line for line in lines if line), good

    def refuse(self, refusal: Invalid) -> None:
        """Put each problem beside its field; "lines[1].amount_minor" goes to the second written line."""
        for problem in refusal.problems or ():
            self._refuse_one(problem.field, problem.message)
        if not refusal.problems:
            self.add_error(None, refusal.message)

    def _refuse_one(self, path: str, message: str) -> None:
        name, _bracket, rest = path.partition("[")
        if name == "lines" and self.lines:
            index, _close, field = rest.partition("].")
            written = [form for form in self.lines if not form.is_blank] or self.lines[:1]
            place = min(int(index), len(written) - 1) if index.isdecimal() else 0
            written[place].full_clean() if not hasattr(written[place], "cleaned_data") else None
            written[place].add_error({"product_id": "product_id", "quantity": "quantity", "term_months": "term_months"}.get(field, "amount"), message)
            return
        self.add_error(path if path in self.fields else None, message)


class Everything:
    """The form and its lines as one, for the summary of what needs another look."""

    def __init__(self, form: DealForm):
        self.form = form

    def non_field_errors(self) -> list[Any]:
        return [problem for form in (self.form, *self.form.lines) for problem in form.non_field_errors()]

    def __iter__(self) -> Iterator[BoundField]:
        for form in (self.form, *self.form.lines):
            yield from form


def initial_of(draft: RegistrationDraft, *, locale: str) -> dict[str, Any]:
    """A draft as form values."""
    names = (*TEXTS, "currency", "expected_close_date", "deal_type", "engaged_since_date", "territory_id", "program_id")
    values = {name: getattr(draft, name) for name in names}
    values["lines"] = [
        {
            "product_id": line.product_id,
            "quantity": line.quantity,
            "amount": amount_text(Money(line.amount_minor, draft.currency), locale),
            "term_months": line.term_months or None,
        }
        for line in draft.lines
    ]
    return values


def amount_text(money: Money, locale: str) -> str:
    """An amount as a person would type it, without the currency."""
    return format_decimal(money.major, locale=locale.replace("-", "_")) if money.minor else ""


class ReasonForm(forms.Form):
    """One sentence that goes with a decision."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(label=_("Message"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(forms.Form):
    """What is missing and the question; only the ticked fields open for the partner."""

    fields_open = forms.MultipleChoiceField(
        label=_("What may the partner change?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one thing the partner may change.")},
    )
    message = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write one sentence, so that the partner knows what to send.")},
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["fields_open"].choices = list(choices)  # type: ignore[attr-defined]


class RejectForm(forms.Form):
    clause = forms.ChoiceField(label=_("Clause"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What the partner will read"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write one sentence: the partner reads it.")},
    )

    def __init__(self, *args: Any, clauses: Iterable[tuple[str, Any]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = list(clauses)  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    body = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": _("Write something first.")})
    visibility = forms.ChoiceField(choices=[("internal", _("Internal")), ("shared", _("Shared"))], required=False)


class TaskForm(forms.Form):
    title = forms.CharField(label=_("Task"), max_length=200, error_messages={"required": _("Say what is to be done.")})
    due_date = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class StageForm(forms.Form):
    stage = forms.CharField(max_length=40)
    next_step = forms.CharField(label=FIELD["next_step"], max_length=MAX_LENGTH["next_step"], required=False)
    version = forms.IntegerField(required=False, min_value=1, max_value=10**9)


class SnoozeForm(forms.Form):
    """No alert before a day, and why."""

    until = forms.DateField(label=_("Quiet until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class LostForm(forms.Form):
    """Why a deal is lost, by the catalogue of its program."""

    code = forms.ChoiceField(label=_("Reason"), required=False)
    competitor = forms.CharField(label=FIELD["competitor"], max_length=120, required=False)
    reason = forms.CharField(label=_("Comment"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, reasons: Iterable[tuple[str, str, bool, bool]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = [(code, _asking(label, competitor, comment)) for code, label, competitor, comment in reasons]
        self.fields["code"].choices = [("", _("Choose a reason")), *offered]  # type: ignore[attr-defined]


def _asking(label: str, competitor: bool, comment: bool) -> str:
    """A reason with what it asks for."""
    if competitor:
        return gettext("%(label)s (name the competitor)") % {"label": label}
    return gettext("%(label)s (with a comment)") % {"label": label} if comment else label


class WonForm(forms.Form):
    amount = forms.CharField(label=_("Final amount"), max_length=30, required=False, help_text=_("Leave it as it is when the amount did not change."))


class PrecheckForm(forms.Form):
    customer = forms.CharField(label=_("Customer"), max_length=200, help_text=_("A web domain such as acme.com finds most; a company name works too."))
    product_line_id = forms.TypedChoiceField(label=_("Product line"), coerce=UUID, empty_value=None)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, options: FormOptions, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product_line_id"].choices = _choices(options.product_lines, blank=_("Choose a product line"))
        self.fields["country"].choices = _choices(options.countries, blank=_("Any country"))
