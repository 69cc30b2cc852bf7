"""Reading what people type about peers and private comparisons."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.mapping import privatewording as wording
from openprm.mapping.engine.psi.limits import FEW, LEAST, MOST, Limits
from openprm.mapping.engine.psi.messages import LONGEST_PURPOSE
from openprm.mapping.services import private


class PeerForm(forms.Form):
    name = forms.CharField(label=_("Company"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    url = forms.CharField(
        label=_("Address of its OpenPRM"), max_length=300, help_text=_("It begins with https://."), widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    public = forms.CharField(label=_("Its public key"), max_length=200, help_text=_("The line of 44 signs that the other side gives you."))
    certificate = forms.CharField(
        label=_("Certificate to trust there"),
        max_length=20_000,
        required=False,
        help_text=_("Only for a certificate of its own. Without one, what this machine trusts counts."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def draft(self) -> private.PeerDraft:
        return private.PeerDraft(**self.cleaned_data)


class WordsForm(forms.Form):
    words = forms.CharField(
        label=_("The twelve words that they read to you"),
        max_length=300,
        help_text=_("By telephone, from somebody whose voice you know; not from a mail."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class LimitsForm(forms.Form):
    least = forms.IntegerField(label=_("Smallest list, in domains"), min_value=LEAST, max_value=MOST)
    most = forms.IntegerField(label=_("Largest list, in domains"), min_value=LEAST, max_value=MOST)
    runs = forms.IntegerField(label=_("Comparisons in a period"), min_value=1, max_value=100)
    days = forms.IntegerField(label=_("Days of the period"), min_value=1, max_value=3660)
    few = forms.IntegerField(
        label=_("Lists must differ by"),
        min_value=FEW,
        max_value=MOST,
        help_text=_("Domains. The same list again is fine; one that differs by fewer would tell who those few are."),
    )

    def limits(self) -> Limits:
        return private.read_limits(**self.cleaned_data)


class _ListForm(forms.Form):
    population = forms.ChoiceField(label=_("Our list"), help_text=_("Only its registered domains take part; rows without one are left out."))

    def __init__(self, *args: Any, lists: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["population"].choices = lists


class StartForm(_ListForm):
    peer = forms.ChoiceField(label=_("With whom"))
    mode = forms.ChoiceField(label=_("What both sides learn"), choices=tuple(wording.MODE_CHOICE.items()), widget=forms.RadioSelect, initial="count")
    purpose = forms.CharField(label=_("What the result is for"), max_length=LONGEST_PURPOSE, help_text=_("Both sides sign this line."))
    days = forms.IntegerField(label=_("Days in which it can be answered"), min_value=1, max_value=31, initial=7)
    agreed = forms.BooleanField(label=_("I agree for our side to what the other side learns by this."))
    field_order = ("peer", "population", "mode", "purpose", "days", "agreed")

    def __init__(self, *args: Any, peers: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["peer"].choices = peers

    def draft(self) -> private.RunDraft:
        typed = self.cleaned_data
        ids = {"peer_id": UUID(typed["peer"]), "population_id": UUID(typed["population"])}
        return private.RunDraft(**ids, mode=typed["mode"], purpose=typed["purpose"], days=typed["days"])


class AgreeForm(_ListForm):
    mode = forms.CharField(widget=forms.HiddenInput, max_length=6)
    agreed = forms.BooleanField(label=_("I agree for our side to what the other side learns by this."))


class TranscriptForm(forms.Form):
    text = forms.CharField(label=_("Transcript"), max_length=64 * 1024, widget=forms.Textarea(attrs={"rows": 8, "class": "input mono"}))
