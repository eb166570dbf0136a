from django.urls import URLPattern, path

from permissions.log_in import confirming, entrance, factors, identities, views

urlpatterns: list[URLPattern] = [
    # Names that start with mfa_, account_ and openid_connect_ are django-allauth's, which looks them up.
    path("login/code/", entrance.CodeView.as_view(), name="mfa_authenticate"),
    path("login/passkey/", entrance.PasskeyLogInView.as_view(), name="mfa_login_webauthn"),
    path("login/identity/<slug:provider_id>/", identities.begin, name="openid_connect_login"),
    path("login/identity/<slug:provider_id>/callback/", identities.finish, name="openid_connect_callback"),
    # /profile/security/…
    path("profile/security/", factors.security, name="security"),
    path("profile/security/begin/", factors.begin, name="second_factor"),
    path("profile/security/confirm/", confirming.ConfirmByPasswordView.as_view(), name="account_reauthenticate"),
    path("profile/security/confirm/code/", confirming.ConfirmByCodeView.as_view(), name="mfa_reauthenticate"),
    path(
        "profile/security/confirm/passkey/",
        confirming.ConfirmByPasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("profile/security/app/", factors.add_app, name="mfa_activate_totp"),
    path("profile/security/app/remove/", factors.remove_app, name="mfa_deactivate_totp"),
    path("profile/security/passkeys/add/", factors.add_passkey, name="mfa_add_webauthn"),
    path("profile/security/passkeys/<int:pk>/", factors.rename_passkey, name="mfa_edit_webauthn"),
    path("profile/security/passkeys/<int:pk>/remove/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("profile/security/codes/", factors.codes, name="mfa_view_recovery_codes"),
    path("profile/security/codes/new/", factors.renew_codes, name="mfa_generate_recovery_codes"),
    path("profile/security/codes/download/", factors.download_codes, name="mfa_download_recovery_codes"),
    path("profile/security/identities/<int:pk>/remove/", factors.disconnect_identity, name="identity_disconnect"),
    path("profile/security/e-mail/", views.change_email, name="email_change"),
    path("profile/security/e-mail/<token>/", views.confirm_email, name="email_confirm"),
    path("profile/security/sessions/end/", views.end_session, name="session_end"),
    path("profile/security/sessions/end-others/", views.end_other_sessions, name="session_end_others"),
]
