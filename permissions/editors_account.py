"""Wagtail's page on which editors choose how its pages look."""

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views import account


class AccountView(account.AccountView):
    """Without the name: people change it in their profile, which checks it as a name and writes the history."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, account.NameEmailSettingsPanel)]


editors_account = require_admin_access(AccountView.as_view())
