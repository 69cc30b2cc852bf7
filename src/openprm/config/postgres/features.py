from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures


class DatabaseFeatures(PostgresFeatures):
    minimum_database_version = (16,)  # GRANT ... WITH INHERIT FALSE, on which the isolation of partners rests
