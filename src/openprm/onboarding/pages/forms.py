"""Reading what people type about plans, templates, kits and pilots."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.onboarding import queries, words
from openprm.onboarding.rules.content import FARTHEST_DAYS, ROLES, Content, TaskSpec
from openprm.partners import queries as partners

LINK_ROWS, CONTACT_ROWS, MOST_OFFERED = 6, 3, 100


def _rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500, help_text=gettext_lazy("Both sides read it."))


class ExtendForm(ReasonForm):
    until = forms.DateField(label=gettext_lazy("Due on"), widget=_day())
    field_order = ("until", "reason")


class CommentForm(forms.Form):
    body = forms.CharField(label=gettext_lazy("Write a comment"), max_length=4000, widget=_rows(2))


class AnswerForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("Your answer"), max_length=4000, widget=_rows(4), required=False)


class QuestionForm(forms.Form):
    question = forms.CharField(label=gettext_lazy("What would help you?"), max_length=2000, widget=_rows(3))


class AssignForm(forms.Form):
    user_id = forms.TypedChoiceField(label=gettext_lazy("Who does it"), coerce=UUID, empty_value=None, required=False)

    def __init__(self, *args: Any, people: tuple[tuple[str, str], ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = [("", _("Whoever has the role")), *people]


class StartForm(forms.Form):
    partner_id = forms.TypedChoiceField(label=gettext_lazy("Partner"), coerce=UUID)
    template_id = forms.TypedChoiceField(label=gettext_lazy("Template"), coerce=UUID)
    program_id = forms.TypedChoiceField(label=gettext_lazy("Program"), coerce=UUID, empty_value=None, required=False)
    started_date = forms.DateField(
        label=gettext_lazy("First day"), widget=_day(), required=False, help_text=gettext_lazy("Due dates count from here. Empty is today.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["partner_id"].choices = partners.partner_choices(actor)
        self.fields["template_id"].choices = queries.template_choices(actor)
        self.fields["program_id"].choices = [("", _("The template's own, or none")), *partners.program_choices()]


class TemplateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    about = forms.CharField(label=gettext_lazy("What it is for"), max_length=1000, required=False, widget=_rows(2))
    program_id = forms.TypedChoiceField(label=gettext_lazy("Program"), coerce=UUID, empty_value=None, required=False)
    motion = forms.ChoiceField(label=gettext_lazy("Way of working"), required=False, choices=[("", gettext_lazy("Any")), *words.MOTION.items()])
    type = forms.ChoiceField(label=gettext_lazy("Partner type"), required=False, choices=[("", gettext_lazy("Any")), *words.TYPE.items()])
    countries = forms.CharField(
        label=gettext_lazy("Countries"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Two letters each, with commas: FI, SE, NO. Empty is every country."),
    )
    is_automatic = forms.BooleanField(label=gettext_lazy("Starts by itself for new partners it fits"), required=False, initial=True)
    is_active = forms.BooleanField(label=gettext_lazy("Can be used"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = [("", _("Any")), *partners.program_choices()]

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "countries": self.cleaned_data["countries"].replace(";", ",").split(",")}


class NewTemplateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    copy_of = forms.TypedChoiceField(label=gettext_lazy("Begin with"), coerce=UUID, empty_value=None, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["copy_of"].choices = [
            ("", _("An empty template")),
            *((str(one.id), _("A copy of “%(name)s”") % {"name": one.name}) for one in queries.templates(actor)),
        ]


class WaysForm(forms.Form):
    sequential = forms.BooleanField(
        label=gettext_lazy("One level after the other"), required=False, help_text=gettext_lazy("Off: all levels are open from the first day.")
    )
    may_skip = forms.BooleanField(label=gettext_lazy("A manager can pass a level over"), required=False)
    stuck_days = forms.IntegerField(label=gettext_lazy("Stuck after days without progress"), min_value=3, max_value=120)


class LevelForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the level"), max_length=80)
    about = forms.CharField(label=gettext_lazy("What it is about"), max_length=1500, required=False, widget=_rows(2))
    badge = forms.CharField(label=gettext_lazy("Badge it gives"), max_length=80, required=False)
    benefit = forms.CharField(label=gettext_lazy("What the partner gets for it"), max_length=300, required=False)


class TaskForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=160)
    about = forms.CharField(label=gettext_lazy("How, and why it helps"), max_length=1500, required=False, widget=_rows(3))
    level_key = forms.ChoiceField(label=gettext_lazy("Level"))
    role = forms.ChoiceField(
        label=gettext_lazy("Who does it"), help_text=gettext_lazy("The first person with that role; the partner's administrator while nobody has it.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("How it is done"), choices=[(kind.value, label) for kind, label in words.KIND.items()])
    milestone = forms.ChoiceField(label=gettext_lazy("Done by itself when"), required=False)
    offset_days = forms.IntegerField(
        label=gettext_lazy("Due after days"),
        min_value=0,
        max_value=FARTHEST_DAYS,
        initial=30,
        help_text=gettext_lazy("Counted from the first day; never on a weekend or holiday."),
    )
    link = forms.CharField(
        label=gettext_lazy("Link"), max_length=300, required=False, help_text=gettext_lazy("Where it is done: https://… or a page of ours, /portal/…")
    )
    needs_evidence = forms.BooleanField(label=gettext_lazy("A file must prove it"), required=False)
    is_required = forms.BooleanField(label=gettext_lazy("The level is not done without it"), required=False, initial=True)

    def __init__(self, *args: Any, content: Content, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["level_key"].choices = [(level.key, level.name) for level in content.levels]
        self.fields["role"].choices = [(str(words.SIDE[side]), [(role, words.ROLE[role]) for role in roles]) for side, roles in ROLES.items()]
        self.fields["milestone"].choices = [("", _("Nothing: somebody ticks it off")), *queries.milestone_choices()]

    def values(self) -> dict[str, Any]:
        side = next(side for side, roles in ROLES.items() if self.cleaned_data["role"] in roles)
        return {**{name: value for name, value in self.cleaned_data.items() if name != "level_key"}, "side": str(side)}


def initial_of(task: TaskSpec, level_key: str) -> dict[str, Any]:
    return {**{name: getattr(task, name) for name in TaskForm.base_fields if hasattr(task, name)}, "level_key": level_key}


class PublishForm(forms.Form):
    notice = forms.CharField(
        label=gettext_lazy("What changed"), max_length=300, required=False, help_text=gettext_lazy("Shown to managers whose plans follow an earlier version.")
    )


class KitForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    message = forms.CharField(
        label=gettext_lazy("Welcome"),
        max_length=3000,
        widget=_rows(6),
        help_text=gettext_lazy("An empty line begins a paragraph. The mail carries the first two."),
    )
    logins = forms.CharField(label=gettext_lazy("Where to sign in"), max_length=1000, required=False, widget=_rows(3))
    course_title = forms.CharField(label=gettext_lazy("First course"), max_length=120, required=False)
    course_about = forms.CharField(label=gettext_lazy("What one learns"), max_length=500, required=False)
    course_url = forms.CharField(label=gettext_lazy("Where the course is"), max_length=300, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Give it to every new partner of the program"), required=False, initial=True)

    def __init__(self, *args: Any, kit: queries.KitView, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = [("", _("Nobody")), *((str(person.id), person.name) for person in identity.holders_of("onboarding.view"))]
        for number in range(LINK_ROWS):
            given = kit.links[number] if number < len(kit.links) else {}
            self.fields[f"label_{number}"] = forms.CharField(label=_("Label"), max_length=80, required=False, initial=given.get("label", ""))
            self.fields[f"url_{number}"] = forms.CharField(label=_("Link"), max_length=300, required=False, initial=given.get("url", ""))
        for number in range(CONTACT_ROWS):
            given = kit.contacts[number] if number < len(kit.contacts) else {}
            self.fields[f"person_{number}"] = forms.ChoiceField(label=_("Contact"), choices=people, required=False, initial=given.get("user_id", ""))
            self.fields[f"about_{number}"] = forms.CharField(label=_("For what"), max_length=80, required=False, initial=given.get("about", ""))

    def link_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"label_{number}"], self[f"url_{number}"]) for number in range(LINK_ROWS)]

    def contact_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"person_{number}"], self[f"about_{number}"]) for number in range(CONTACT_ROWS)]

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        links = [{"label": given[f"label_{n}"], "url": given[f"url_{n}"]} for n in range(LINK_ROWS) if given[f"label_{n}"] or given[f"url_{n}"]]
        contacts = [{"user_id": given[f"person_{n}"], "about": given[f"about_{n}"]} for n in range(CONTACT_ROWS) if given[f"person_{n}"]]
        return {**{name: given[name] for name in KitForm.base_fields}, "links": links, "contacts": contacts}


class PilotForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    about = forms.CharField(
        label=gettext_lazy("What is tried, and why"), max_length=2000, widget=_rows(4), help_text=gettext_lazy("Invited partners read this.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=words.PILOT_KIND.items)
    template_id = forms.TypedChoiceField(
        label=gettext_lazy("Template"), coerce=UUID, empty_value=None, required=False, help_text=gettext_lazy("For a pilot of an onboarding template.")
    )
    program_id = forms.TypedChoiceField(label=gettext_lazy("Program"), coerce=UUID, empty_value=None, required=False)
    starts_date = forms.DateField(label=gettext_lazy("Begins"), widget=_day())
    ends_date = forms.DateField(label=gettext_lazy("Ends"), widget=_day())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["template_id"].choices = [("", _("None")), *((str(one.id), one.name) for one in queries.templates(actor))]
        self.fields["program_id"].choices = [("", _("Any")), *partners.program_choices()]


class GoalForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What is measured"), max_length=160)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=40, required=False)
    baseline = forms.DecimalField(label=gettext_lazy("Today"), max_digits=14, decimal_places=2, required=False)
    target = forms.DecimalField(label=gettext_lazy("Goal"), max_digits=14, decimal_places=2)


class MeasureForm(forms.Form):
    measured = forms.DecimalField(label=gettext_lazy("Measured"), max_digits=14, decimal_places=2)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


class ResultForm(forms.Form):
    result = forms.CharField(label=gettext_lazy("What came out"), max_length=4000, widget=_rows(4))


class NoteForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("A word to your partner manager"), max_length=500, required=False)
