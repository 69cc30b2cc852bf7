"""Made-up content of the gallery: nothing here touches the database."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from openprm.kernel.http import Request
from openprm.kernel.money import Money
from openprm.ui import lists
from openprm.ui.cells import Badge, Company, Due, Share
from openprm.ui.lists import BulkAction, Column, Filter, ListSpec, Slice
from openprm.ui.listview import ListView


class SpecimenForm(forms.Form):
    email = forms.EmailField(label=_("Work e-mail"), help_text=_("We send one invitation, valid for 7 days."))
    domain = forms.CharField(label=_("Company domain"))
    program = forms.ChoiceField(label=_("Program"), choices=[("resell", _("Resell")), ("referral", _("Referral"))])
    value = forms.CharField(label=_("Deal value"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    welcome = forms.BooleanField(label=_("Send the welcome journey"), help_text=_("5 e-mails in 3 weeks"), required=False)
    motion = forms.ChoiceField(label=_("Motion"), widget=forms.RadioSelect, choices=[("resell", _("They sell")), ("cosell", _("We sell together"))])
    proof = forms.FileField(label=_("Proof"), required=False, help_text=_("PDF, PNG or XLSX up to 25 MB"))

    @classmethod
    def refused(cls) -> "SpecimenForm":
        form = cls({"email": "ana@bluecrest.example", "domain": "kallio", "program": "resell", "value": "48,000", "welcome": True, "motion": "cosell"})
        form.is_valid()
        form.add_error("domain", _("Add the ending, for example kallio.fi"))
        return form


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: str
    url: str
    deal: str
    partner: Company
    stage: Badge
    protection: Share
    due: Due
    amount: Money


SPEC = ListSpec(
    key="portal.gallery",
    columns=(
        Column("deal", _("Deal"), "title", sortable=True, always=True),
        Column("partner", _("Partner"), "company"),
        Column("stage", _("Stage"), "badge"),
        Column("protection", _("Protection"), "share"),
        Column("due", _("Answer"), "due"),
        Column("amount", _("Value"), "money", sortable=True),
    ),
    filters=(
        Filter("stage", _("Stage"), choices=[("approved", _("Approved")), ("conflict", _("Conflict")), ("protected", _("Protected"))]),
        Filter("amount", _("Value"), "money"),
        Filter("answer", _("Answer"), "date"),
    ),
    default_sort="-amount",
    search=_("Search deals"),
    exports=False,
)


class ListSpecimen:
    def __init__(self, request: Request):
        self.request, self.state = request, lists.parse(request, SPEC)

    def view(self) -> ListView:
        return ListView(request=self.request, state=self.state, page=self._slice(), bulk=(BulkAction(value="none", label=_("Assign")),))

    def part(self) -> HttpResponse | None:
        if self.request.headers.get("HX-Target") != "results":
            return None
        return lists.render(self.request, "ui/list.html", self.state, self._slice())

    def _slice(self) -> Slice[Any]:
        rows = [row for row in self._rows() if self.state.search.casefold() in row.deal.casefold()]
        rows.sort(key=lambda row: getattr(row, self.state.page.sort), reverse=self.state.page.descending)
        return Slice(rows=tuple(rows), total=43 if rows else 0)

    def _rows(self) -> list[Row]:
        at = self.request.at
        return [
            Row(id="1", url="#", deal="Atrium Hospitals", partner=Company("Meridian Partners", _("Services, Germany")), stage=Badge(_("Approved"), "ok"),
                protection=Share(68, _("61 days"), "ok"), due=Due(at + timedelta(days=3)), amount=Money(41_000_000, "EUR")),
            Row(id="2", url="#", deal="Ostrava Steelworks", partner=Company("Kallio Digital"), stage=Badge(_("Conflict"), "bad"),
                protection=Share(10, _("not yet"), "bad"), due=Due(at + timedelta(hours=5), "bad"), amount=Money(24_000_000, "EUR")),
            Row(id="3", url="#", deal="Pelican Foods", partner=Company("Bluecrest Cloud"), stage=Badge(_("Protected"), "warn"),
                protection=Share(7, _("6 days"), "warn"), due=Due(at - timedelta(hours=7), "bad"), amount=Money(7_200_000, "EUR")),
        ]  # fmt: skip
