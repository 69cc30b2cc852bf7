"""The template that stands from the start: for every program, eight weeks of working days back from the close."""

from openprm.actionplans.rules.content import Content, StepSpec
from openprm.actionplans.rules.words import Side

NAME = "Plan to close"
ABOUT = "From the first meeting on the customer's goals to the signature, over eight weeks."
CONTENT = Content(
    steps=(
        StepSpec(key="goals", title="Agree on the customer's goals and how success is measured", side=Side.PARTNER, days_before=40),
        StepSpec(key="sponsor", title="Name the sponsor and everybody who signs", side=Side.CUSTOMER, days_before=36, waits_for=("goals",)),
        StepSpec(key="demo", title="Show the solution on the customer's own case", side=Side.PARTNER, days_before=30, waits_for=("goals",)),
        StepSpec(key="technical", title="Technical validation with our engineer", side=Side.VENDOR, days_before=24, waits_for=("demo",)),
        StepSpec(key="business-case", title="Business case with numbers the customer confirmed", side=Side.PARTNER, days_before=18, waits_for=("technical",)),
        StepSpec(key="price", title="Price and terms for this deal", side=Side.VENDOR, days_before=15, waits_for=("business-case",)),
        StepSpec(key="proposal", title="Send the proposal", side=Side.PARTNER, days_before=12, waits_for=("price",)),
        StepSpec(key="legal", title="Legal and data protection review", side=Side.CUSTOMER, days_before=5, waits_for=("proposal",)),
        StepSpec(key="signature", title="Signature", side=Side.CUSTOMER, days_before=0, waits_for=("legal",)),
    )
)
