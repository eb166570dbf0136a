from django.apps import AppConfig


class SiteConfig(AppConfig):
    """How the parts are wired: addresses, what every page knows, the commands for translations."""

    name = "config"
    label = "portal"

    def ready(self) -> None:
        from permissions.log_in import sessions  # noqa: F401  # every log-in fixes when its session ends
