"""How states, kinds, reasons and refusals are called in front of people."""

from django.utils.translation import gettext_lazy as _

from openprm.applications.rules.fields import Choice, Field

TYPE = {
    "reseller": _("Reseller"),
    "distributor": _("Distributor"),
    "var": _("Value-added reseller"),
    "msp": _("Managed service provider"),
    "si": _("System integrator"),
    "isv": _("Software vendor"),
    "referral": _("Referral partner"),
    "affiliate": _("Affiliate"),
    "consultant": _("Consultant"),
}
MOTION = {
    "influence": _("Recommend"),
    "transact": _("Resell"),
    "solution": _("Build and integrate"),
    "retain": _("Look after customers"),
}
BENEFIT_LABEL = {
    "protection_days": _("A deal you register stays yours for"),
    "max_active_registrations": _("Deals you can hold at once"),
    "promise_class": _("How fast we answer"),
    "discount_percent": _("Partner discount"),
    "market_fund_percent": _("Market fund, of your sales"),
}
STATE = {
    "draft": (_("Draft"), ""),
    "unconfirmed": (_("Address not confirmed"), "warn"),
    "held": (_("Held"), "warn"),
    "submitted": (_("Waits for an answer"), "info"),
    "returned": (_("Asked for more"), "warn"),
    "approved": (_("Approved"), "ok"),
    "rejected": (_("Rejected"), "bad"),
    "withdrawn": (_("Withdrawn"), ""),
}
KIND = {
    "text": _("One line"),
    "long_text": _("Long text"),
    "choice": _("One of a list"),
    "choices": _("Several of a list"),
    "number": _("Whole number"),
    "money": _("Amount of money"),
    "country": _("Country"),
    "url": _("Web address"),
    "email": _("E-mail address"),
    "vat": _("VAT or company number"),
    "consent": _("Consent"),
}
REASON = {
    "needs_more_detail": _("Needs more detail"),
    "does_not_meet_requirements": _("Does not meet the requirements"),
    "not_the_right_fit": _("Not the right fit"),
    "other": _("Another reason"),
}
REAPPLY = {
    "instant": _("At once"),
    "standard": _("After the usual time"),
    "never": _("Not again"),
}
DECIDER = {
    "partner_manager": _("a partner manager"),
    "vendor_admin": _("an administrator"),
    "nobody": _("the published rules"),
    "": _("a partner manager"),
}
RISK = {"low": (_("Low risk"), "ok"), "medium": (_("Medium risk"), "warn"), "high": (_("High risk"), "bad")}
FIT = {"strong": (_("Strong fit"), "ok"), "open": (_("Open"), "info"), "weak": (_("Weak fit"), "warn")}
LIKENESS = {
    "domain": _("Same web domain"),
    "name_and_country": _("Same name and country"),
    "name": _("Same name"),
    "mail": _("The e-mail address is of another web domain"),
}
FOUND = {"partner": _("Partner"), "prospect": _("Prospect"), "application": _("Application"), "mail": _("Address")}
NOT_A_FORM = {
    "bad_code": _("“%(field)s”: a code is small letters, digits and _, beginning with a letter."),
    "code_twice": _("“%(field)s” is asked twice. Give each question its own code."),
    "unknown_kind": _("“%(field)s” has a kind that does not exist."),
    "no_label": _("“%(field)s” has no words. Write the question."),
    "too_few_choices": _("“%(field)s” needs at least two answers to choose from."),
    "choice_twice": _("“%(field)s” offers the same answer twice."),
    "unknown_fact": _("“%(field)s” tells a fact that the ideal partner profile does not know."),
    "no_currency": _("“%(field)s” needs a currency, for example EUR."),
    "least_above_most": _("“%(field)s”: the smallest number is above the largest."),
    "too_many_fields": _("A form has at most 60 questions. People stop long before."),
    "too_many_pages": _("A form has at most 8 pages."),
}


COMPANY = _("Your company")

CORE = (
    Field(code="company_name", kind="text", label=_("Company name"), required=True, page=COMPANY, longest=120),
    Field(code="website", kind="url", label=_("Web address"), help=_("For example kallio.fi."), required=True, page=COMPANY),
    Field(code="country", kind="country", label=_("Country"), required=True, page=COMPANY),
    Field(
        code="type",
        kind="choice",
        label=_("What describes you best?"),
        required=True,
        page=COMPANY,
        choices=tuple(Choice(code, label) for code, label in TYPE.items()),
    ),
    Field(code="contact_name", kind="text", label=_("Your name"), required=True, page=COMPANY, longest=120),
    Field(
        code="email",
        kind="email",
        label=_("Work e-mail"),
        help=_("At your company's own domain. We send a link there to confirm it."),
        required=True,
        page=COMPANY,
    ),
)
CORE_CODES = tuple(field.code for field in CORE)


def default_fields() -> tuple[Field, ...]:
    """The questions that a program begins with; its people change them."""
    business, together = _("Your business"), _("Working together")
    return (
        Field(
            code="employees",
            kind="number",
            label=_("How many people work for you?"),
            page=business,
            required=True,
            fact="employees",
            least=1,
            most=2_000_000,
        ),
        Field(code="founded", kind="number", label=_("Founded in"), page=business, fact="founded", least=1700, most=2100),
        Field(
            code="industries",
            kind="choices",
            label=_("Which industries do you serve?"),
            page=business,
            required=True,
            fact="industries",
            choices=_choices(INDUSTRIES),
        ),
        Field(code="company_number", kind="vat", label=_("VAT or company number"), help=_("With the country in front, for example FI20774740."), page=business),
        Field(code="skills", kind="choices", label=_("What are you good at?"), page=together, required=True, fact="skills", choices=_choices(SKILLS)),
        Field(
            code="plan",
            kind="long_text",
            label=_("How would we sell together?"),
            help=_("Two or three sentences: which customers, which of our products, what you add."),
            page=together,
            required=True,
        ),
        Field(code="privacy", kind="consent", label=_("You may keep and use these answers to decide on our application."), page=together, required=True),
    )


def _choices(pairs) -> tuple[Choice, ...]:
    return tuple(Choice(code, str(label)) for code, label in pairs)


INDUSTRIES = (
    ("manufacturing", _("Manufacturing")),
    ("energy", _("Energy and utilities")),
    ("logistics", _("Logistics and transport")),
    ("retail", _("Retail")),
    ("finance", _("Finance and insurance")),
    ("healthcare", _("Healthcare")),
    ("public", _("Public sector")),
    ("technology", _("Technology")),
)
SKILLS = (
    ("consulting", _("Consulting")),
    ("implementation", _("Implementation")),
    ("integration", _("Integration")),
    ("managed services", _("Managed services")),
    ("support", _("Support")),
    ("training", _("Training")),
    ("development", _("Software development")),
    ("resale", _("Resale")),
)
