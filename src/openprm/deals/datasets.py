"""What deals lend to analysis: registrations, and opportunities that may have none."""

from openprm.analytics.datasets import Dataset


def _months(column: str, table: str) -> str:
    """By month the number of rows and a sum over their versions: any change of a row changes it."""
    month = f"to_char({column} at time zone 'UTC', 'YYYY-MM')"
    return f"select {month}, concat_ws(':', count(*), sum(hashint8(xmin::text::bigint))) from {table} where {column} is not null group by 1"  # noqa: S608  names of our own


def _wanted(column: str) -> str:
    return f"(%(parts)s::text[] is null or to_char({column} at time zone 'UTC', 'YYYY-MM') = any(%(parts)s::text[]))"


REGISTRATIONS = Dataset(
    name="deals.registrations",
    about="Registrations that were sent in, with what was decided and how they ended, in the reporting currency at the rate of their booking.",
    columns={
        "id": "uuid", "number": "text", "partner_id": "uuid", "program_id": "uuid", "account_id": "uuid", "customer": "text", "country": "text",
        "deal_type": "text", "status": "text", "stage": "text", "verdict": "text", "submitted_at": "moment", "decided_at": "moment",
        "approved_at": "moment", "closed_at": "moment", "expected_close": "date", "net_minor": "int", "currency": "text",
    },
    parts=_months("submitted_at", "deals_registration"),
    sql=f"""
select id, number, partner_id, program_id, account_id, customer_name, nullif(customer_country, ''), deal_type, status, stage, verdict,
       submitted_at, decided_at, booked_at, closed_at, expected_close_date, base_amount_minor, base_currency
  from deals_registration where submitted_at is not null and {_wanted("submitted_at")}
""",  # noqa: S608  names of our own
)  # fmt: skip
OPPORTUNITIES = Dataset(
    name="deals.opportunities",
    about="Opportunities of the vendor's own people and of partners; one that a registration counts for names it.",
    columns={
        "id": "uuid", "name": "text", "account_id": "uuid", "partner_id": "uuid", "registration_id": "uuid", "status": "text", "opened_on": "date",
        "closed_at": "moment", "net_minor": "int", "currency": "text",
    },
    parts=_months("created_at", "deals_opportunity"),
    sql=f"""
select id, name, account_id, coalesce(partner_id, registered_partner_id), registration_id, status, coalesce(opened_date, (created_at at time zone 'UTC')::date),
       closed_at, base_amount_minor, base_currency
  from deals_opportunity where {_wanted("created_at")}
""",  # noqa: S608  names of our own
)  # fmt: skip
DATASETS = (REGISTRATIONS, OPPORTUNITIES)
