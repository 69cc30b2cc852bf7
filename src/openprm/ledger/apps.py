from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "openprm.ledger"
    label = "ledger"
