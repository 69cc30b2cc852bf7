"""Forms of the lead pages: answers, ends, a partner by hand, what a partner takes."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.leads.queries import LeadThread
from openprm.leads.rules.lifecycle import REASONS_TO_LOSE
from openprm.leads.rules.notes import Audience
from openprm.leads.wording import CLOSED, DECLINE

WORDS = forms.Textarea(attrs={"rows": 3})


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why not?"), choices=[(code.value, label) for code, label in DECLINE.items()])
    was_contacted = forms.TypedChoiceField(
        label=_("Did you contact the customer?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(label=_("Comment"), max_length=1000, required=False, widget=WORDS)


class LostForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why?"), choices=[(code.value, CLOSED[code]) for code in REASONS_TO_LOSE])
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=WORDS)


class WonForm(forms.Form):
    note = forms.CharField(label=_("What was sold, and why without a registration?"), max_length=1000, widget=WORDS)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=WORDS)


class AssignForm(forms.Form):
    partner_id = forms.TypedChoiceField(label=_("Partner"), coerce=UUID, empty_value=None)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=WORDS, help_text=_("The partner reads it too."))

    def __init__(self, *args: Any, partners: tuple[tuple[str, str], ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["partner_id"].choices = [("", _("Choose a partner")), *partners]


class ConvertForm(forms.Form):
    """What a registration asks beyond the lead. Everything is filled in already."""

    title = forms.CharField(label=_("Deal name"), max_length=160)
    product_id = forms.TypedChoiceField(label=_("Product"), coerce=UUID, empty_value=None)
    amount = forms.CharField(label=_("Value"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    expected_close_date = forms.DateField(label=_("Expected close"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)

    def __init__(self, *args: Any, products: tuple[tuple[str, str], ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product_id"].choices = [("", _("Choose a product")), *products]


class NoteForm(forms.Form):
    """A note and who reads it; without a partner that knows the customer it stays with the vendor."""

    body = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": _("Write something first.")})
    audience = forms.ChoiceField(label=_("Who reads it"))

    def __init__(self, *args: Any, thread: LeadThread, **kwargs: Any):
        super().__init__(*args, **kwargs)
        shared = (Audience.SHARED.value, _("Us and %(name)s") % {"name": thread.other})
        self.fields["audience"].choices = [*(() if thread.why_not_share else (shared,)), (Audience.PRIVATE.value, _("Our own people"))]


class ReceiverForm(forms.Form):
    """What a partner takes. `weight` is drawn for the vendor alone."""

    countries = forms.CharField(
        label=_("Countries"), max_length=1200, required=False, help_text=_("Two letters each, with commas between them, for example FI, SE. Empty means all.")
    )
    skills = forms.CharField(label=_("Skills"), max_length=1200, required=False, help_text=_("With commas between them, for example mes, sap."))
    max_open = forms.IntegerField(label=_("Open leads at most"), required=False, min_value=0, max_value=1000, help_text=_("Empty means what the rules say."))
    latitude = forms.FloatField(label=_("Latitude"), required=False)
    longitude = forms.FloatField(label=_("Longitude"), required=False)
    weight = forms.IntegerField(
        label=_("Weight"),
        min_value=0,
        max_value=100,
        help_text=_("Its share of the leads near it: a partner of weight 3 gets three times as many as one of 1."),
    )
    is_paused = forms.BooleanField(label=_("Takes no leads for now"), required=False)

    def __init__(self, *args: Any, may_weigh: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not may_weigh:
            del self.fields["weight"]

    def changes(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return said | {name: [part for part in said[name].split(",") if part.strip()] for name in ("countries", "skills")}
