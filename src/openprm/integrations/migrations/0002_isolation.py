"""Imports belong to the vendor: a partner sees none of them."""

from django.db import migrations

from openprm.kernel.migrations import RowLevelSecurity

TABLES = ("import", "importfile", "importrow", "importresult", "importprogress", "savedmapping")


class Migration(migrations.Migration):
    dependencies = [("integrations", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [RowLevelSecurity(f"integrations_{table}") for table in TABLES]
