from django.urls import include, path

from permissions import views
from permissions.editors_account import editors_account

urlpatterns = [
    path("", include("permissions.log_in.urls")),
    path("", include("permissions.users.urls")),
    path("", include("permissions.overview.urls")),
    path("", include("permissions.history.urls")),
    path("", include("permissions.ownership.urls")),
    path("", include("permissions.requests.urls")),
    path("", include("permissions.impersonation.urls")),
    path("login/", views.LogInView.as_view(), name="login"),
    path("login/", views.LogInView.as_view(), name="account_login"),  # as django-allauth calls it
    path("logout/", views.LogOutView.as_view(), name="logout"),
    # /password/…
    path("password/change/", views.PasswordChangeView.as_view(), name="password_change"),
    path("password/forgotten/", views.PasswordForgottenView.as_view(), name="password_reset"),
    path("password/forgotten/sent/", views.PasswordForgottenDoneView.as_view(), name="password_reset_done"),
    path("password/new/<uidb64>/<token>/", views.PasswordNewView.as_view(), name="password_reset_confirm"),
    path("password/new/done/", views.PasswordNewDoneView.as_view(), name="password_reset_complete"),
    path("profile/", views.profile, name="profile"),
    path("i18n/setlang/", views.set_language, name="set_language"),
    path("clinics/choose/", views.choose_clinic_page, name="choose_clinic"),
    path("clinics/switch/", views.switch_clinic, name="switch_clinic"),
    # In front of Wagtail's own: its log-out takes the session's cookie away on a GET as well.
    path("_util/login/", views.to_log_in, name="wagtailcore_login"),
    # Wagtail's page for trying out its error page: whoever edits could fill the log with alarms.
    path("cms/failwhale/", views.not_here, name="wagtailadmin_error_test"),
    path("cms/account/", editors_account, name="wagtailadmin_account"),
    path("cms/logout/", views.LogOutView.as_view(), name="wagtailadmin_logout"),
]
