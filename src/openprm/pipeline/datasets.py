"""What the pipeline lends to analysis: each quarter's forecast as it stood at its start."""

from openprm.analytics.datasets import Dataset

FORECASTS = Dataset(
    name="pipeline.forecasts",
    about="What each partner's registrations were forecast to bring in a quarter, kept in its first days, in the reporting currency of that day.",
    columns={
        "id": "uuid", "partner_id": "uuid", "quarter_start": "date", "quarter_end": "date", "deals": "int", "open_minor": "int", "forecast_minor": "int",
        "currency": "text", "kept_at": "moment",
    },
    sql="select id, partner_id, quarter_start, quarter_end, deals, open_minor, forecast_minor, currency, kept_at from pipeline_keptforecast",
)  # fmt: skip
DATASETS = (FORECASTS,)
