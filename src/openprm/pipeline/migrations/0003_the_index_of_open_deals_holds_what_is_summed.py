"""The index from which the board and the forecast are summed holds the id and the amount too: without them the sums read the rows themselves."""

from django.db import migrations

OPEN_DEALS = """
create index pipeline_open_deals on deals_registration (stage, program_id, expected_close_date)
  include (id, amount_minor, base_amount_minor, partner_id, submitter_id, status, currency, fx_date) where status = 'approved';
drop index pipeline_forecast
"""
FORECAST = """
create index pipeline_forecast on deals_registration (stage, program_id, expected_close_date)
  include (base_amount_minor, partner_id, submitter_id, status, currency, fx_date) where status = 'approved';
drop index pipeline_open_deals
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0002_guards_history_and_the_index_of_the_forecast")]

    operations = [migrations.RunSQL(OPEN_DEALS, reverse_sql=FORECAST)]
