"""Reading what people type about engagements."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.cosell.queries import Option
from openprm.cosell.rules.words import RECORD_FIELDS
from openprm.cosell.wording import (
    AUDIENCE,
    CONNECTIONS,
    DEAL_TYPE,
    INVOLVEMENT,
    NEED,
    RECORD_FIELD,
    ROLE,
    VIEW,
)
from openprm.kernel.countries import country_choices

_DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _codes(words: Any) -> list[tuple[str, Any]]:
    return [(str(code), label) for code, label in words.items()]


def options(found: Iterable[Option], blank: Any = None) -> list[tuple[str, Any]]:
    listed: list[tuple[str, Any]] = [(one.value, one.label) for one in found]
    return [("", blank), *listed] if blank is not None else listed


class DealForm(forms.Form):
    """What the engagement says about the deal."""

    title = forms.CharField(label=_("Deal"), max_length=160)
    customer_name = forms.CharField(label=_("Customer"), max_length=200)
    customer_country = forms.ChoiceField(label=_("Country"), required=False)
    customer_domain = forms.CharField(label=_("Web domain"), max_length=253, required=False)
    amount = forms.CharField(label=_("Deal value"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="EUR")
    expected_close_date = forms.DateField(label=_("Expected close"), required=False, **_DAY)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("E-mail of the contact"), max_length=254, required=False)
    contact_phone = forms.CharField(label=_("Phone of the contact"), max_length=40, required=False)
    competitor = forms.CharField(label=_("Competitor"), max_length=120, required=False)
    description = forms.CharField(label=_("Description"), max_length=4000, required=False, widget=_area(4))

    def __init__(self, *args: Any, stages: Iterable[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [("", "–"), *stages]  # type: ignore[attr-defined]
        self.fields["customer_country"].choices = country_choices(blank="–")  # type: ignore[attr-defined]


class OpenForm(DealForm):
    deal_type = forms.ChoiceField(label=_("Type of the deal"), choices=_codes(DEAL_TYPE), initial="co_sell", widget=forms.RadioSelect)
    role = forms.ChoiceField(label=_("Your role"), choices=[("", _("As usual for your company")), *_codes(ROLE)], required=False)

    def __init__(self, *args: Any, for_vendor: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if for_vendor:
            del self.fields["deal_type"]


class EditForm(DealForm):
    deal_type = forms.ChoiceField(label=_("Type of the deal"), choices=_codes(DEAL_TYPE), widget=forms.RadioSelect)

    def __init__(self, *args: Any, for_vendor: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if for_vendor:
            del self.fields["deal_type"]


class InviteForm(forms.Form):
    receiver = forms.ChoiceField(label=_("Company"), required=False)
    domain = forms.CharField(
        label=_("Or its web domain"), max_length=253, required=False, help_text=_("Exactly as on its site: lumio.example. Its full name works too.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=_codes(ROLE), help_text=_("Which company may hold which role is a published rule."))
    responsibilities = forms.MultipleChoiceField(label=_("Also responsible for"), choices=_codes(ROLE), required=False, widget=forms.CheckboxSelectMultiple)
    involvement = forms.ChoiceField(label=_("Involvement"), choices=_codes(INVOLVEMENT), initial="co_sell")
    visibility = forms.ChoiceField(
        label=_("What it gets to know"),
        choices=_codes(VIEW),
        initial="full",
        help_text=_("Limited: no amount, contacts, shares, mirrors or notes for full view."),
    )
    hidden = forms.BooleanField(label=_("Hide it and the other partners from each other"), required=False)
    message = forms.CharField(label=_("Message"), max_length=1000, required=False, widget=_area(2))

    def __init__(self, *args: Any, companies: Iterable[Option] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = options(companies, _("Choose a company"))  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=_area(2))


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("How did it end?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=_area(2), help_text=_("Needed when it is lost or declined. Everybody in it reads it.")
    )

    def __init__(self, *args: Any, outcomes: Iterable[tuple[str, Any]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = list(outcomes)  # type: ignore[attr-defined]


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Stage"))
    expected_close_date = forms.DateField(label=_("Expected close"), required=False, **_DAY)

    def __init__(self, *args: Any, stages: Iterable[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = list(stages)  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    """One member's terms; the host changes all, a member its own involvement."""

    role = forms.ChoiceField(label=_("Role"), choices=_codes(ROLE), required=False)
    involvement = forms.ChoiceField(label=_("Involvement"), choices=_codes(INVOLVEMENT))
    visibility = forms.ChoiceField(label=_("What it gets to know"), choices=_codes(VIEW), required=False)
    hidden = forms.BooleanField(label=_("Hide it and the other partners from each other"), required=False)
    share = forms.DecimalField(label=_("Share in %"), min_value=0, max_value=100, decimal_places=2, max_digits=5, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=_area(2), help_text=_("Needed when the involvement changes."))


class NoteForm(forms.Form):
    body = forms.CharField(label=_("Note"), max_length=4000, widget=_area(2))
    audience = forms.ChoiceField(label=_("Who reads it"), choices=_codes(AUDIENCE), initial="shared")


class TaskForm(forms.Form):
    title = forms.CharField(label=_("Task"), max_length=200)
    owner_id = forms.ChoiceField(label=_("Whose task"))
    assignee_id = forms.ChoiceField(label=_("Person"), required=False, help_text=_("Of your own company; others choose their own."))
    due_date = forms.DateField(label=_("Due"), required=False, **_DAY)
    audience = forms.ChoiceField(label=_("Who reads it"), choices=_codes(AUDIENCE), initial="shared")

    def __init__(self, *args: Any, owners: Iterable[Option] = (), people: Iterable[Option] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].choices = options(owners)  # type: ignore[attr-defined]
        self.fields["assignee_id"].choices = options(people, _("Nobody yet"))  # type: ignore[attr-defined]


class NextStepForm(forms.Form):
    text = forms.CharField(label=_("Next step"), max_length=255)


class NeedForm(forms.Form):
    asked_id = forms.ChoiceField(label=_("Whom you ask"))
    need = forms.ChoiceField(label=_("What you need"), choices=_codes(NEED))
    detail = forms.CharField(label=_("In your words"), max_length=1000, required=False, widget=_area(3))

    def __init__(self, *args: Any, asked: Iterable[Option] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["asked_id"].choices = options(asked)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=_area(4))


class RecordForm(forms.Form):
    """One's own CRM record: a value per field, and which of them the others read."""

    system = forms.CharField(label=_("Your CRM"), max_length=60, required=False)
    fields_out = forms.MultipleChoiceField(
        label=_("Shared with members that have full view"), choices=_codes(RECORD_FIELD), required=False, widget=forms.CheckboxSelectMultiple
    )
    fields_in = forms.MultipleChoiceField(
        label=_("What you want to read of theirs"), choices=_codes(RECORD_FIELD), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in RECORD_FIELDS:
            self.fields[f"value_{name}"] = forms.CharField(label=RECORD_FIELD[name], max_length=500, required=False)

    @property
    def value_fields(self) -> list[forms.BoundField]:
        return [self[f"value_{name}"] for name in RECORD_FIELDS]

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"value_{name}"] for name in RECORD_FIELDS if self.cleaned_data.get(f"value_{name}")}


class ConnectionForm(forms.Form):
    mode = forms.ChoiceField(label=_("Invitations from other partners"), choices=_codes(CONNECTIONS), widget=forms.RadioSelect)
    names = forms.CharField(
        label=_("Except these companies"),
        max_length=4000,
        required=False,
        widget=_area(4),
        help_text=_("One web domain on each line. It counts when you take them from everybody except some."),
    )
