"""Reading what people type about agreements."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.agreements.rules import calendar, strokes
from openprm.agreements.wording import BLOCK, KIND, ROLE
from openprm.partners import queries as partners


class DocumentForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    code = forms.CharField(label=_("Code"), max_length=39, help_text=_("Lower-case letters, digits and hyphens. Part of its address; it stays."))
    kind = forms.ChoiceField(label=_("Kind"), choices=KIND)
    own_kind = forms.CharField(
        label=_("Your name for the kind"), max_length=60, required=False, help_text=_("Only for another kind, for example “Price list terms”.")
    )
    program_id = forms.TypedChoiceField(label=_("For"), coerce=UUID, empty_value=None, required=False)
    notice_days = forms.IntegerField(
        label=_("Notice before a change"), min_value=0, max_value=calendar.LONGEST_NOTICE, initial=30,
        help_text=_("In days. A changed text takes effect that many days after it is published, at the earliest."),
    )  # fmt: skip
    needs_signature = forms.BooleanField(label=_("Partners sign it"), required=False, initial=True, help_text=_("Otherwise it is only published."))
    signer_roles = forms.MultipleChoiceField(
        label=_("Who signs for a partner"), choices=tuple(ROLE.items()), widget=forms.CheckboxSelectMultiple, initial=["partner_admin"],
        help_text=_("A partner's administrator can also name single people."),
    )  # fmt: skip
    needs_countersignature = forms.BooleanField(label=_("We countersign it"), required=False)
    is_public = forms.BooleanField(
        label=_("Anybody can read it"), required=False, help_text=_("On the public page, with its versions and hashes, without signing in.")
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = [("", _("All programs")), *partners.program_choices()]
        if not is_new:
            del self.fields["code"]


class DraftForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(
        label=_("Text"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "class": "mono"}),
    )  # fmt: skip


class PublishForm(forms.Form):
    effective_date = forms.DateField(
        label=_("Takes effect on"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("At midnight in your time zone. Empty: as soon as the notice allows."),
    )  # fmt: skip
    needs_reacceptance = forms.BooleanField(
        label=_("Whoever signed before signs again"), required=False, initial=True, help_text=_("Leave it out for corrections that change no duty."),
    )  # fmt: skip
    grace_days = forms.IntegerField(
        label=_("Days to sign"), min_value=0, max_value=calendar.LONGEST_GRACE, initial=14,
        help_text=_("After it takes effect, or after a new partner is asked."),
    )  # fmt: skip
    blocks = forms.MultipleChoiceField(
        label=_("What closes after that, until it is signed"), choices=tuple(BLOCK.items()), widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Why, in a sentence"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Partners read it beside the change."),
    )  # fmt: skip

    def __init__(self, *args: Any, needs_signature: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not needs_signature:
            for name in ("needs_reacceptance", "grace_days", "blocks"):
                del self.fields[name]


class SignForm(forms.Form):
    name = forms.CharField(
        label=_("Your full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}), help_text=_("Typing it is your signature.")
    )
    title = forms.CharField(label=_("Your position"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization-title"}))
    drawn = forms.CharField(required=False, max_length=strokes.LONGEST_INPUT, widget=forms.HiddenInput)
    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    confirm = forms.BooleanField(label=_("I have read it, and I may sign for my company."))


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you decline?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("We read it and answer. You can still sign later."),
    )


class CountersignForm(forms.Form):
    name = forms.CharField(label=_("Your full name"), max_length=120, help_text=_("Typing it is your signature."))
    title = forms.CharField(label=_("Your position"), max_length=120, required=False)


class SignatoryForm(forms.Form):
    user_id = forms.TypedChoiceField(label=_("Colleague"), coerce=UUID)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = [("", _("Choose a colleague")), *people]
