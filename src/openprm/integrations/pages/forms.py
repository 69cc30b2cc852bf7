"""Reading what people choose on the way of an import: the file, the columns, how cells are read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.integrations.imports.cells import DATE_ORDERS, Reading
from openprm.integrations.imports.limits import LARGEST_FILE, MEGABYTE
from openprm.integrations.imports.mapping import Feed, FileMapping, ImportMapping
from openprm.integrations.queries import EntityChoice, FileView, SavedMappingRow
from openprm.kernel.money import currencies
from openprm.kernel.transfer import Kind

ORDERS = {"dmy": _("Day, month, year"), "mdy": _("Month, day, year"), "ymd": _("Year, month, day")}


class UploadForm(forms.Form):
    entity = forms.ChoiceField(label=_("What are the rows?"))
    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX, up to %(most)d MB.") % {"most": LARGEST_FILE // MEGABYTE}, max_length=200)
    saved = forms.ChoiceField(label=_("Saved mapping"), required=False)

    def __init__(self, *args: Any, entities: tuple[EntityChoice, ...], saved: list[SavedMappingRow], **kwargs: Any):
        super().__init__(*args, **kwargs)
        labels = {one.entity: one.label for one in entities}
        self.fields["entity"].choices = list(labels.items())
        self.fields["saved"].choices = [("", _("Match the headings")), *((str(one.id), f"{one.name} ({labels.get(one.entity, one.entity)})") for one in saved)]


class ColumnsForm(forms.Form):
    """One choice per column of the file, and how its cells are read."""

    dates = forms.ChoiceField(label=_("Order of dates"), choices=ORDERS.items)
    decimal = forms.ChoiceField(label=_("Decimal mark"), choices=[(".", _("Point: 1,200.50")), (",", _("Comma: 1.200,50"))])
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False, help_text=_("For amounts in rows without one."))
    source = forms.CharField(
        label=_("Name of the source"),
        max_length=60,
        required=False,
        help_text=_("Ids of the file are known under it: the next file of this source changes the same rows."),
    )
    skip_bad_rows = forms.BooleanField(
        label=_("Load the good rows when some are bad"), required=False, help_text=_("Otherwise one bad row keeps the whole file out.")
    )
    save_as = forms.CharField(label=_("Save this mapping as"), max_length=80, required=False)
    confirm_encoding = forms.BooleanField(label=_("The names above read well"), required=False)

    def __init__(self, *args: Any, entity: EntityChoice, file: FileView, mapping: ImportMapping, unsure: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.entity, self.file, self.mapping = entity, file, mapping
        fed = {feed.column: feed for feed in mapping.files[0].feeds}
        choices = [("", _("Leave out")), *((one.name, f"{one.label} *" if one.required else str(one.label)) for one in entity.fields)]
        for number, column in enumerate(file.columns):
            chosen = fed[column].field if column in fed else ""
            self.fields[f"column_{number}"] = forms.ChoiceField(label=column, choices=choices, required=False, initial=chosen)
        self.fields["confirm_encoding"].required = unsure
        for name, value in self._present().items():
            self.fields[name].initial = value

    def _present(self) -> dict[str, Any]:
        reading = self.mapping.reading
        return {"dates": reading.dates, "decimal": reading.decimal, "currency": reading.currency, "source": self.mapping.source}

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].strip().upper()
        if code and code not in currencies():
            raise forms.ValidationError(_("Use three letters, for example EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        chosen = [self.cleaned_data.get(f"column_{number}") for number in range(len(self.file.columns))]
        for number, name in enumerate(chosen):
            if name and chosen.index(name) != number:
                self.add_error(f"column_{number}", _("Another column feeds this field already."))
        return self.cleaned_data

    def result(self) -> ImportMapping:
        values = self.cleaned_data
        old = {feed.column: feed for feed in self.mapping.files[0].feeds}
        feeds = [self._feed(column, values.get(f"column_{number}") or "", old.get(column)) for number, column in enumerate(self.file.columns)]
        reading = Reading(dates=values["dates"], decimal=values["decimal"], first_year=self.mapping.reading.first_year, currency=values["currency"])
        return ImportMapping(
            name=values["save_as"],
            source=values["source"],
            reading=reading,
            encoding=self.mapping.encoding,
            delimiter=self.mapping.delimiter,
            files=(
                FileMapping(
                    entity=self.entity.entity,
                    feeds=tuple(feed for feed in feeds if feed),
                    constants=self._constants(values),
                    templates=self.mapping.files[0].templates,
                ),
            ),
        )

    def _feed(self, column: str, name: str, old: Feed | None) -> Feed | None:
        if not name:
            return None
        return old if old and old.field == name else Feed(column, name)

    def _constants(self, values: dict[str, Any]) -> dict[str, str]:
        """One currency for the whole file, where the rows carry none."""
        chosen = {values.get(f"column_{number}") for number in range(len(self.file.columns))}
        kept = {name: text for name, text in self.mapping.files[0].constants.items() if name not in chosen and name != "currency"}
        has_money = any(one.kind is Kind.MONEY and one.name in chosen for one in self.entity.fields)
        return kept | ({"currency": values["currency"]} if values["currency"] and has_money and "currency" not in chosen else {})

    @property
    def columns(self) -> list[Any]:
        return [self[f"column_{number}"] for number in range(len(self.file.columns))]


assert set(ORDERS) == set(DATE_ORDERS)
