"""Wagtail's app of users, without its pages of people and groups: those know none of our rules and write no history.

Who works for the supplier is settled in the back office; what its groups may do, in `permissions/staff.py`.
"""

from wagtail.users.apps import WagtailUsersAppConfig


class EditorsConfig(WagtailUsersAppConfig):
    user_viewset = group_viewset = "wagtail.admin.viewsets.base.ViewSet"  # has no pages
