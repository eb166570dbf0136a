"""Reports of faults tell where it broke, not what somebody had typed: patients, purchase numbers, passwords.

Django's own hides what is marked as sensitive; a list of marks would miss the next field, so this hides every value.
"""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

WITH_QUERY = ("QUERY_STRING", "REQUEST_URI", "RAW_URI", "HTTP_REFERER", "HTTP_HX_CURRENT_URL")


class NothingTypedFilter(SafeExceptionReporterFilter):
    """Names of posted fields and of local variables stay, their values go. Only DEBUG shows them."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        if request is None or not self.is_active(request):
            return dict(super().get_post_parameters(request).items())
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        if not self.is_active(request):
            return dict(super().get_traceback_frame_variables(request, tb_frame)).items()
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        meta = super().get_safe_request_meta(request)
        return {name: str(value).partition("?")[0] if name in WITH_QUERY[1:] else value for name, value in meta.items()}


class NothingTypedReporter(ExceptionReporter):
    """Hides what Django shows beside the posted fields: searches, names of files, and who it happened to."""

    def get_traceback_data(self) -> dict[str, Any]:
        data = super().get_traceback_data()
        if self.request is None or not self.filter.is_active(self.request):
            return data
        hidden = self.filter.cleansed_substitute
        data["user_str"] = str(self.request.user.pk) if hasattr(self.request, "user") else None
        data["request_GET_items"] = [(name, hidden) for name in self.request.GET]
        data["request_FILES_items"] = [(name, hidden) for name in self.request.FILES]
        data["request_insecure_uri"] = data["request_insecure_uri"].partition("?")[0]
        data["request_meta"] = {**data["request_meta"], "QUERY_STRING": hidden}
        return data
