from django.apps import AppConfig


class SiteConfig(AppConfig):
    """How the parts are wired: addresses, what every page knows, the commands for translations."""

    name = "config"
    label = "portal"
