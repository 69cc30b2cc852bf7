from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "openprm.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        from django.utils.translation import get_language, gettext

        from openprm.rulebook.rules import language

        language.speak(translate=gettext, locale=lambda: get_language() or "en")
