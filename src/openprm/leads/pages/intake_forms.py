"""Django forms of intake: a lead by hand or as a referral, a web form, a sending system. They read; the services judge."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_choices
from openprm.kernel.errors import Conflict, Invalid, Stale, TooMany, write_down
from openprm.kernel.money import parse_amount
from openprm.leads.intake_wording import FIELD, GROUND_ASKED
from openprm.leads.queries import FormView
from openprm.leads.rules import webform as rules
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.rules.intake_draft import LeadDraft
from openprm.leads.rules.webform import FormField
from openprm.leads.services import FormContent, FormSettings
from openprm.partners import queries as partners
from openprm.ui.fields import add_problems

MENDABLE = (Invalid, Conflict, Stale, TooMany)


def attempt(form: forms.Form, act: Callable[[Mapping[str, Any]], Any]) -> tuple[Any, int]:
    """(what `act` gave, 0), or (None, the status of the refusal) with its problems in the form."""
    if not form.is_valid():
        return None, 422
    try:
        return act(form.cleaned_data), 0
    except MENDABLE as refusal:
        write_down(refusal)
        add_problems(form, _without_places(form, refusal))
        return None, refusal.status


def _without_places(form: forms.Form, refusal: Any) -> Any:
    """The problems under the names of this form: "consent.text_version" is drawn beside `text_version`."""
    found = tuple(_placed(form, one) for one in refusal.problems)
    return type("Placed", (), {"problems": found, "message": refusal.message})


def _placed(form: forms.Form, problem: Any) -> Any:
    last = "ground" if problem.field == "consent" else problem.field.rpartition(".")[2]
    last = {"amount_minor": "amount", "source": "proof"}.get(last, last)
    return type(problem)(last if last in form.fields else problem.field, problem.message, problem.code)


def version_of(text: str | None) -> int | None:
    """The version of a row that the person saw, from the hidden field."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


class LeadEntry(forms.Form):
    """A lead that a person writes down, with the ground on which its contact may be written to."""

    company_name = forms.CharField(label=_("Company"), max_length=200)
    company_domain = forms.CharField(label=_("Web site"), max_length=253, required=False)
    country = forms.ChoiceField(label=_("Country"))
    city = forms.CharField(label=_("Town"), max_length=120, required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=120, required=False)
    contact_email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    contact_title = forms.CharField(label=_("Role"), max_length=120, required=False)
    product_line_id = forms.ChoiceField(label=_("Product line"), required=False)
    amount = forms.CharField(label=_("Expected value"), max_length=30, required=False)
    employees = forms.IntegerField(label=_("Employees"), min_value=0, max_value=10_000_000, required=False)
    message = forms.CharField(label=_("What the customer needs"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    ground = forms.ChoiceField(label=_("Why may we write to this person?"), choices=())
    text = forms.CharField(label=_("The words the person agreed to"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    text_version = forms.CharField(label=_("Version of these words"), max_length=80, required=False)
    given_at = forms.DateTimeField(
        label=_("When it agreed"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    proof = forms.CharField(
        label=_("Where that is written down"), max_length=200, required=False, help_text=_("For example the fair's list, a mail, a contract.")
    )

    def __init__(self, actor: Actor, data: Any = None, **extra: Any):
        super().__init__(data, **extra)
        self.fields["country"].choices = country_choices(blank=str(_("Choose a country")))
        self.fields["product_line_id"].choices = [("", _("Not known")), *((str(line.id), line.name) for line in deals.product_lines(actor))]
        self.fields["ground"].choices = [(str(ground), label) for ground, label in GROUND_ASKED.items()]

    @property
    def currency(self) -> str:
        return deals.base_currency()

    def draft(self, said: Mapping[str, Any], *, locale: str, source: str = "manual") -> LeadDraft:
        """The lead that was written down. Raises Invalid."""
        plain = {name: said[name] for name in ("company_name", "company_domain", "country", "city", "employees", "message")}
        person = {name: said[name] for name in ("contact_name", "contact_email", "contact_phone", "contact_title")}
        return LeadDraft(
            **plain,
            **person,
            product_line_id=UUID(said["product_line_id"]) if said["product_line_id"] else None,
            amount_minor=parse_amount(said["amount"], self.currency, locale).minor if said["amount"] else None,
            currency=self.currency,
            source=source,
        )

    def consent(self, said: Mapping[str, Any]) -> ConsentGiven:
        return ConsentGiven(
            ground=Ground(said["ground"]), text=said["text"], text_version=said["text_version"], given_at=said["given_at"], source=said["proof"]
        )


class NewLead(LeadEntry):
    """A lead by the vendor's people; one partner may be named, which then is offered it at once."""

    target_id = forms.ChoiceField(label=_("Refer to one partner"), required=False, help_text=_("Leave it empty, and the published rules route the lead."))

    def __init__(self, actor: Actor, data: Any = None, **extra: Any):
        super().__init__(actor, data, **extra)
        self.fields["target_id"].choices = [("", _("The rules decide")), *partners.partner_choices(actor)]


class ReferLead(LeadEntry):
    """A lead that a partner passes on."""

    partner_name = forms.CharField(
        label=_("For which partner?"),
        max_length=200,
        required=False,
        help_text=_("A partner's name as it stands in the public directory. Leave it empty to refer to us."),
    )
    note = forms.CharField(label=_("What we should know"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class WebFormEntry(forms.Form):
    """A web form as the vendor writes it."""

    name = forms.CharField(label=_("Name, for your own people"), max_length=120)
    code = forms.CharField(label=_("Word in the address"), max_length=60, help_text=_("Small letters, digits and hyphens. It stays as it is."))
    title = forms.CharField(label=_("Heading"), max_length=120)
    intro = forms.CharField(label=_("Words below the heading"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    points = forms.CharField(label=_("Good reasons, one in a line"), max_length=900, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    questions = forms.CharField(
        label=_("Own questions, one in a line"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A star at the end asks for an answer. Offer answers behind a colon: When do you start? * : this month | this year"),
    )
    product_lines = forms.MultipleChoiceField(label=_("Product lines to choose from"), required=False, widget=forms.CheckboxSelectMultiple)
    button = forms.CharField(label=_("Button"), max_length=60, required=False)
    consent_text = forms.CharField(
        label=_("What people agree to"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A change makes a new version. Say that a partner may call, and that the consent can be withdrawn."),
    )
    asks_confirmation = forms.BooleanField(
        label=_("Mail a link that confirms the address"), required=False, help_text=_("Where the rule on consent asks for it, we mail it in any case.")
    )
    thanks_title = forms.CharField(label=_("Heading of the thanks"), max_length=120, required=False)
    thanks_text = forms.CharField(label=_("Words of the thanks"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    program_id = forms.ChoiceField(label=_("Program"), required=False)
    campaign = forms.CharField(label=_("Campaign"), max_length=120, required=False)
    allowed_origins = forms.CharField(
        label=_("Web sites that may send it, one in a line"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the embedded form, for example https://www.kallio.fi. Our own page may always."),
    )
    theme = forms.ChoiceField(label=_("Look"), choices=(("auto", _("As the reader's device")), ("light", _("Light")), ("dark", _("Dark"))))
    is_open = forms.BooleanField(label=_("Open: takes leads"), required=False)

    def __init__(self, actor: Actor, data: Any = None, *, shown: FormView | None = None):
        super().__init__(data, initial=_initial(shown) if shown else {"is_open": True, "asks_confirmation": True})
        lines = [(str(line.id), line.name) for line in deals.product_lines(actor)]
        self.fields["product_lines"].choices = lines
        self.fields["program_id"].choices = [("", _("None")), *partners.program_choices()]
        for name in rules.OPTIONAL:
            self.fields[f"field_{name}"] = forms.ChoiceField(
                label=FIELD[name],
                choices=(("", _("Left out")), ("shown", _("Asked")), ("required", _("Must be answered"))),
                required=False,
                initial=_use(shown, name),
            )
        if shown:
            del self.fields["code"]

    def optional_fields(self) -> list[Any]:
        return [self[f"field_{name}"] for name in rules.OPTIONAL]

    def settings(self, said: Mapping[str, Any]) -> FormSettings:
        return FormSettings(
            name=said["name"],
            program_id=UUID(said["program_id"]) if said["program_id"] else None,
            campaign=said["campaign"],
            is_open=said["is_open"],
            allowed_origins=tuple(said["allowed_origins"].splitlines()),
            theme=said["theme"],
        )

    def content(self, said: Mapping[str, Any]) -> FormContent:
        return FormContent(
            title=said["title"],
            intro=said["intro"],
            points=tuple(said["points"].splitlines()),
            fields=(*_chosen(said), *(_question(line) for line in said["questions"].splitlines() if line.strip())),
            product_lines=tuple(UUID(value) for value in said["product_lines"]),
            button=said["button"],
            consent_text=said["consent_text"],
            asks_confirmation=said["asks_confirmation"],
            thanks_title=said["thanks_title"],
            thanks_text=said["thanks_text"],
        )


class SourceEntry(forms.Form):
    name = forms.CharField(label=_("System"), max_length=120)
    code = forms.CharField(label=_("Word in the address"), max_length=60, help_text=_("Small letters, digits and hyphens, for example salesforce."))


def _chosen(said: Mapping[str, Any]) -> list[FormField]:
    return [FormField(name, required=use == "required") for name in rules.OPTIONAL if (use := said[f"field_{name}"])]


def _question(line: str) -> FormField:
    label, _colon, answers = line.partition(":")
    required = label.rstrip().endswith("*")
    return FormField("", required, label.strip().rstrip("*").strip(), tuple(answer.strip() for answer in answers.split("|") if answer.strip()))


def _written(field: FormField) -> str:
    star = " *" if field.required else ""
    return f"{field.label}{star}" + (f" : {' | '.join(field.choices)}" if field.choices else "")


def _use(shown: FormView | None, name: str) -> str:
    standing = next((field for field in shown.fields if field.name == name), None) if shown else None
    if standing:
        return "required" if standing.required else "shown"
    return "" if shown or name not in ("contact_phone", "message") else "shown"


def _initial(shown: FormView) -> dict[str, Any]:
    return {
        "name": shown.name,
        "title": shown.title,
        "intro": shown.intro,
        "points": "\n".join(shown.points),
        "questions": "\n".join(_written(field) for field in shown.fields if field.is_question),
        "product_lines": [str(line) for line in shown.product_lines],
        "button": shown.button,
        "consent_text": shown.consent_text,
        "asks_confirmation": shown.asks_confirmation,
        "thanks_title": shown.thanks_title,
        "thanks_text": shown.thanks_text,
        "program_id": str(shown.program_id or ""),
        "campaign": shown.campaign,
        "allowed_origins": "\n".join(shown.allowed_origins),
        "theme": shown.theme,
        "is_open": shown.is_open,
    }
