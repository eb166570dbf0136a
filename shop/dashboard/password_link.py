"""Customer service sends our own mail: Oscar's leads to a page that has no route here."""

from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpResponse
from django.shortcuts import redirect
from oscar.apps.dashboard.users.views import PasswordResetView

from permissions.views import PasswordForgottenView


class PasswordLinkView(PasswordResetView):
    form_class = PasswordResetForm

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        mail = PasswordForgottenView(request=self.request)
        form.save(
            request=self.request,
            use_https=self.request.is_secure(),
            subject_template_name=mail.subject_template_name,
            email_template_name=mail.email_template_name,
            html_email_template_name=mail.html_email_template_name,
            extra_email_context=mail.extra_email_context,
        )
        return redirect(self.get_success_url())
