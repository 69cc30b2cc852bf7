"""What a new installation begins with: country classes, questionnaires, kinds of certificates, the gate policy. Pure data.

The country classes are coarse bands after public corruption indices, to begin with: the vendor keeps its own table.
"""

from typing import Any

LOW = "AT AU BE BM CA CH DE DK EE FI FR GB HK IE IS JP KY LI LT LU LV MC NL NO NZ SE SG SM US UY"
HIGH = (
    "AF AO AZ BD BF BI BY BO CD CF CG CM DJ DO DZ EG ER ET GA GN GQ GT GW HN HT ID IQ IR KE KG KH KM KP KZ LA LB LR LY MG ML MM MN MR MW MX MZ NE NG NI NP "
    "PE PG PH PK PS PY RU SD SL SO SS SV SY SZ TD TG TH TJ TM UA UG UZ VE VN YE ZM ZW"
)
COUNTRIES = {**dict.fromkeys(LOW.split(), "low"), **dict.fromkeys(HIGH.split(), "high")}

CERTIFICATE_KINDS = (
    ("iso-27001", "ISO/IEC 27001", "Information security management"),
    ("iso-14001", "ISO 14001", "Environmental management"),
    ("iso-9001", "ISO 9001", "Quality management"),
    ("soc-2", "SOC 2 Type II", "Report on security controls"),
    ("ecovadis", "EcoVadis rating", "Sustainability rating; put the medal into the level"),
    ("liability-insurance", "Professional liability insurance", "Proof of cover"),
)

POLICIES = (
    {"lapse": "due_diligence", "actions": ["deals", "payouts"]},
    {"lapse": "declined", "actions": ["deals", "leads", "funds", "payouts"]},
    {"lapse": "red_flag", "actions": ["payouts"]},
    {"lapse": "verification", "subject": "business", "actions": ["payouts"], "includes_missing": True},
)


def _yes_no(id: str, text: str, *, red: str = "", tells: str = "", fact: str = "", points: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "text": text, "type": "yes_no", "tells": tells, **more,
        "options": [
            {"value": "yes", "label": "Yes", "red": red == "yes", "points": points, "fact": fact},
            {"value": "no", "label": "No", "red": red == "no"},
        ],
    }  # fmt: skip


def _ask(id: str, text: str, type: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": id, "text": text, "type": type, **more}


def _choice(id: str, text: str, *options: tuple[str, str, int], type: str = "choice", **more: Any) -> dict[str, Any]:
    return {"id": id, "text": text, "type": type, "options": [{"value": value, "label": label, "points": points} for value, label, points in options], **more}


_REGISTER = _ask("register_extract", "Extract from the company register, not older than six months", "file", category="company")
_FOUNDED = _ask("founded", "In which year was the company founded?", "number", category="company")
_BUSINESS = _ask("business", "What does the company do, and for whom?", category="company")
_OWNERS = {
    **_choice(
        "ownership_kind", "How is the company owned?", ("private", "By people or companies that we name", 0), ("listed", "Listed on an exchange", 0),
        ("state", "By a state, in whole or in part", 0), category="ownership",
    ),
    "tells": "ownership",
}  # fmt: skip
for _option in _OWNERS["options"]:
    _option["fact"] = _option["value"]
_OFFICIAL = _yes_no(
    "official", "Is an owner, director or close relative of one a public official?", red="yes", tells="government", fact="official", category="integrity",
    help="Officials are people in office, in a state company, in a party or at an international body.",
)  # fmt: skip
_CONVICTED = _yes_no(
    "convicted", "Was the company or one of its directors investigated or convicted for bribery, fraud or money laundering in the last five years?",
    red="yes", category="integrity",
)  # fmt: skip
_SELLS_TO = _yes_no("sells_to_government", "Will you sell our products to government bodies?", tells="government", fact="sells_to", category="integrity")
_CODE = _yes_no("code_of_conduct", "Do you have a written code of conduct against bribery?", red="no", category="integrity")

BASIC = (_BUSINESS, _FOUNDED, _OWNERS, _SELLS_TO, _OFFICIAL, _CONVICTED)
STANDARD = (
    *BASIC[:2], _REGISTER, *BASIC[2:], _CODE,
    _yes_no("third_parties", "Will you use sub-agents or consultants to win business for us?", red="yes", category="integrity"),
    _yes_no("gifts", "Do you keep a register of gifts and hospitality?", category="integrity"),
)  # fmt: skip
ENHANCED = (
    *STANDARD,
    _ask("code_file", "Your code of conduct or anti-corruption policy", "file", category="integrity"),
    _yes_no("training", "Were all people who will work for us trained against bribery in the last two years?", red="no", category="integrity"),
    _yes_no("bank_elsewhere", "Shall we pay to an account outside of the country of your company?", red="yes", category="integrity"),
    _ask("success", "Which results justify your fee, and who benefits from it?", category="integrity"),
    _ask("references", "Name two business references: person, company, telephone or e-mail", category="company"),
)

_DONE = ("yes", "Yes, with targets that we publish", 10), ("partly", "Yes, for our own use", 5), ("no", "Not yet", 0)
ESG = (
    _choice("emissions", "Do you measure your greenhouse gas emissions?", *_DONE, category="environment", weight=3),
    _choice(
        "energy",
        "Which share of your electricity is renewable?",
        ("all", "All of it", 10),
        ("half", "At least half", 6),
        ("less", "Less", 2),
        ("unknown", "We do not know", 0),
        category="environment",
        weight=2,
    ),
    _choice(
        "devices",
        "What happens to old equipment?",
        ("reuse", "Refurbished or recycled by a certified company", 10),
        ("take_back", "Given back to the supplier", 6),
        ("waste", "Nothing is settled", 0),
        category="environment",
    ),
    _choice(
        "people_policy",
        "Which of these do you have in writing?",
        ("equal", "Equal treatment", 4),
        ("safety", "Health and safety", 3),
        ("whistle", "A way to report wrongs without fear", 3),
        type="choices",
        category="social",
        weight=2,
        required=False,
    ),
    _choice(
        "wages",
        "Do all people who work for you earn a living wage?",
        ("yes", "Yes, checked in the last year", 10),
        ("believe", "We believe so", 4),
        ("unknown", "We do not know", 0),
        category="social",
        weight=3,
    ),
    _yes_no("forced_labour", "Did you find forced or child labour in your supply chain in the last three years?", red="yes", category="social", weight=0),
    _choice(
        "board",
        "Who answers for sustainability?",
        ("board", "A member of the board", 10),
        ("manager", "A manager", 6),
        ("nobody", "Nobody by name", 0),
        category="governance",
        weight=2,
    ),
    _choice(
        "report",
        "Do you publish a sustainability report?",
        ("assured", "Yes, checked by an auditor", 10),
        ("own", "Yes, our own", 6),
        ("no", "No", 0),
        category="governance",
    ),
    _choice(
        "privacy",
        "How is customer data protected?",
        ("certified", "By a certified management system", 10),
        ("policy", "By a written policy", 5),
        ("none", "Nothing is written", 0),
        category="governance",
        weight=2,
    ),
    _ask("report_file", "Your latest sustainability report, if there is one", "file", category="governance", required=False),
)

QUESTIONNAIRES = (
    (
        "basic",
        "Basic due diligence",
        "due_diligence",
        14,
        BASIC,
        "Six questions about your company. They take about ten minutes; you can stop and go on at any time.",
    ),
    (
        "standard",
        "Standard due diligence",
        "due_diligence",
        14,
        STANDARD,
        "Questions about your company, its owners and how it does business. Have the extract from the company register at hand.",
    ),
    (
        "enhanced",
        "Enhanced due diligence",
        "due_diligence",
        21,
        ENHANCED,
        "Detailed questions, because of where you work or how you are paid. We may ask your references.",
    ),
    (
        "esg",
        "Environment, social, governance",
        "esg",
        30,
        ESG,
        "How you care for the environment, for people and for good governance. The answers give a score that you and we see.",
    ),
)
