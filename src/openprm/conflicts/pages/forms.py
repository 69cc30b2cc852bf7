"""Reading what people type about conflicts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.conflicts.queries import Clause
from openprm.conflicts.wording import APPEAL_RESULT, FINDING, choices_of

FILE_HELP = _("PDF, PNG, JPEG, Word, Excel, PowerPoint or text, up to 20 MB.")


def area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OpenForm(forms.Form):
    type = forms.ChoiceField(label=_("What it is about"), widget=forms.RadioSelect)
    partner_id = forms.ChoiceField(label=_("Which partner claims"), required=False)
    other_partner_id = forms.ChoiceField(label=_("The other partner"), required=False, help_text=_("When the case is against another partner."))
    claim = forms.CharField(
        label=_("What happened"), max_length=8000, widget=area(6),
        help_text=_("Your first statement. The other side reads it when both have spoken, or when its time is over."),
    )  # fmt: skip
    rep_id = forms.ChoiceField(label=_("Which of our people"), required=False)
    file = forms.FileField(label=_("Evidence"), required=False, help_text=FILE_HELP)

    def __init__(
        self, *args: Any, types: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]], portal: bool, claimants: Iterable[tuple[str, str]] = (),
        others: Iterable[tuple[str, str]] = (), **kwargs: Any,
    ):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = list(types)  # type: ignore[attr-defined]
        for name, choices in (("partner_id", claimants), ("other_partner_id", others)):
            self.fields[name].choices = [("", "–"), *choices]  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]
        self.fields["rep_id"].choices = [("", "–"), *people]  # type: ignore[attr-defined]
        if portal:
            del self.fields["rep_id"]
        else:
            self.fields["claim"].help_text = _("An internal note. Both sides are asked for their own words.")
            del self.fields["file"]


class StatementForm(forms.Form):
    text = forms.CharField(label=_("Your statement"), max_length=8000, widget=area(6))
    file = forms.FileField(label=_("Evidence"), required=False, help_text=FILE_HELP)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Internal note"), max_length=4000, widget=area(3))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=area(3), help_text=_("The other side reads it."))


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What the decision did not see"), max_length=8000, widget=area(6),
        help_text=_("A second reviewer reads it, never the first. You appeal once."),
    )  # fmt: skip


class AssignForm(forms.Form):
    reviewer_id = forms.ChoiceField(label=_("Reviewer"), required=False)

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        free = [(str(one.user_id), one.name) for one in people if not one.why_not]
        self.fields["reviewer_id"].choices = [("", _("The system’s proposal")), *free]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """The first decision, or with `is_appeal` the answer to an appeal."""

    result = forms.ChoiceField(label=_("Answer"), choices=choices_of(APPEAL_RESULT), widget=forms.RadioSelect)
    finding = forms.ChoiceField(label=_("Finding"), choices=choices_of(FINDING), widget=forms.RadioSelect, required=False)
    clause = forms.ChoiceField(label=_("Clause"), help_text=_("What the decision rests on, as it stood when the case was opened."))
    reasons = forms.CharField(label=_("Reasons"), max_length=8000, widget=area(7), help_text=_("Both sides read them."))
    would_change = forms.CharField(
        label=_("What would have changed it"), max_length=2000, widget=area(3), help_text=_("The fact or the evidence that would have led elsewhere.")
    )

    def __init__(self, *args: Any, clauses: Iterable[Clause], is_appeal: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", "–"), *_grouped(clauses)]  # type: ignore[attr-defined]
        if not is_appeal:
            del self.fields["result"]
            self.fields["finding"].required = True


def _grouped(clauses: Iterable[Clause]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in clauses:
        groups.setdefault(str(one.source), []).append((one.key, f"{one.clause}: {one.text}"[:160]))
    return list(groups.items())


class PrecedentForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    what_happened = forms.CharField(label=_("What happened"), max_length=8000, widget=area(10))
    reasons = forms.CharField(label=_("Reasons"), max_length=8000, widget=area(7))
    would_change = forms.CharField(label=_("What would have changed it"), max_length=2000, required=False, widget=area(3))
