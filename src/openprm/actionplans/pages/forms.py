"""Reading what people type about plans, steps and templates."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.actionplans import queries, wording
from openprm.actionplans.rules.content import FARTHEST_DAYS, LONGEST
from openprm.kernel.actor import Actor
from openprm.partners import queries as partners

SIDES = tuple((code.value, label) for code, label in wording.SIDE.items())


def _rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StartForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Name of the plan"), max_length=160)
    close_date = forms.DateField(label=gettext_lazy("Close date"), widget=_day(), help_text=gettext_lazy("Due dates are counted back from this day."))
    template_id = forms.TypedChoiceField(label=gettext_lazy("Begin with"), coerce=UUID, empty_value=None, required=False)
    partner_id = forms.TypedChoiceField(label=gettext_lazy("With which partner"), coerce=UUID, empty_value=None, required=False)

    def __init__(self, *args: Any, choices: list[queries.TemplateChoice], partner_choices: tuple[tuple[str, str], ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = [(str(one.id), _("%(name)s, %(count)d steps") % {"name": one.name, "count": one.steps}) for one in choices]
        self.fields["template_id"].choices = [("", _("An empty plan")), *offered]
        if partner_choices:
            self.fields["partner_id"].choices = partner_choices
        else:
            del self.fields["partner_id"]


class StepForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=LONGEST["title"])
    side = forms.ChoiceField(label=gettext_lazy("Whose step"), choices=SIDES)
    due_date = forms.DateField(label=gettext_lazy("Due"), widget=_day())
    owner_id = forms.TypedChoiceField(label=gettext_lazy("Who does it"), coerce=UUID, empty_value=None, required=False)
    customer_contact = forms.CharField(
        label=gettext_lazy("Customer's contact"), max_length=120, required=False, help_text=gettext_lazy("The name, when it is a step of the customer.")
    )
    about = forms.CharField(label=gettext_lazy("What it is about"), max_length=LONGEST["about"], required=False, widget=_rows(3))
    waits_for = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Waits for"),
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It cannot be done before these are."),
    )
    private = forms.BooleanField(label=gettext_lazy("Only our side sees it"), required=False)

    def __init__(self, *args: Any, people: tuple[tuple[str, str], ...], others: tuple[tuple[str, str], ...], is_new: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].choices = [("", _("Nobody yet")), *people]
        self.fields["waits_for"].choices = others
        if not others:
            del self.fields["waits_for"]
        if not is_new:
            del self.fields["private"]


class DoneForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What shows it"),
        max_length=2000,
        required=False,
        widget=_rows(2),
        help_text=gettext_lazy("A sentence or a link."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500)


class ShiftForm(forms.Form):
    close_date = forms.DateField(label=gettext_lazy("New close date"), widget=_day())


class TemplateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    about = forms.CharField(label=gettext_lazy("What it is for"), max_length=1000, required=False, widget=_rows(2))
    program_id = forms.TypedChoiceField(label=gettext_lazy("Program"), coerce=UUID, empty_value=None, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Can be chosen"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = [("", _("Every program")), *partners.program_choices()]


class NewTemplateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    program_id = forms.TypedChoiceField(label=gettext_lazy("Program"), coerce=UUID, empty_value=None, required=False)
    copy_of = forms.TypedChoiceField(label=gettext_lazy("Begin with"), coerce=UUID, empty_value=None, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = [("", _("Every program")), *partners.program_choices()]
        copies = ((str(one.id), _("A copy of “%(name)s”") % {"name": one.name}) for one in queries.templates(actor))
        self.fields["copy_of"].choices = [("", _("An empty template")), *copies]


class TemplateStepForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=LONGEST["title"])
    side = forms.ChoiceField(label=gettext_lazy("Whose step"), choices=SIDES)
    days_before = forms.IntegerField(
        label=gettext_lazy("Due before the close date"),
        min_value=0,
        max_value=FARTHEST_DAYS,
        help_text=gettext_lazy("In working days."),
    )
    about = forms.CharField(label=gettext_lazy("What it is about"), max_length=LONGEST["about"], required=False, widget=_rows(3))
    waits_for = forms.MultipleChoiceField(label=gettext_lazy("Waits for"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, others: tuple[tuple[str, str], ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["waits_for"].choices = others
        if not others:
            del self.fields["waits_for"]


class PublishForm(forms.Form):
    notice = forms.CharField(label=gettext_lazy("What is new"), max_length=300, required=False)
