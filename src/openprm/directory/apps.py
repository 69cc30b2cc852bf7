from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "openprm.directory"
    label = "directory"
