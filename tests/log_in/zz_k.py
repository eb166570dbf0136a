import re
import pytest
from django.test import Client
from tests.factories import PASSWORD

def c(**kw):
    client = Client(**kw); client.raise_request_exception = False; return client

def test_nul(people):
    for path, data in [
        ("/login/", {"username": "a\x00@x.se", "password": "x"}),
        ("/login/", {"username": "a@x.se", "password": "x\x00"}),
        ("/login/", {"username": "a@x.se", "password": "x", "next": "/\x00"}),
        ("/login/", {"username": "petra@example.com", "password": PASSWORD, "next": "/\x00"}),
        ("/login/", {"username": "petra@example.com\x00", "password": PASSWORD}),
        ("/password/forgotten/", {"email": "a\x00@x.se"}),
        ("/password/forgotten/", {"email": "petra@example.com\x00"}),
        ("/login/passkey/", {"credential": "\x00"}),
        ("/login/passkey/", {"credential": '{"id":"\\u0000","rawId":"AA","type":"public-key","response":{"userHandle":"AA"}}'}),
        ("/login/code/", {"code": "1234\x0056"}),
        ("/i18n/setlang/", {"language": "sv\x00", "next": "/\x00"}),
        ("/logout/", {"next": "/\x00"}),
        ("/clinics/switch/", {"clinic": "\x00"}),
        ("/login/identity/identity/", {"process": "\x00", "next": "\x00"}),
        ("/register/", {"company": "\x00", "email": "a\x00@x.se"}),
    ]:
        print(path, {k: v[:40] for k, v in data.items()}, c().post(path, data).status_code)
    for path in ["/login/?next=%00", "/login/?next=/%00", "/password/new/%00/x%00/", "/password/new/Mw/x%00/", "/login/identity/identity/callback/?state=%00&code=%00&error=%00", "/login/identity/%00/", "/_util/login/?next=%00", "/cms/login/?next=%00", "/%00/", "/login/%00", "/register/?x=%00", "/invitation/%00/", "/users/invitation/%00/"]:
        print(path, c().get(path).status_code)
    for cookie in ['sessionid="\\000aaaaaaaaaaaa"', 'sessionid="aaaaaaaa\\000aaaaaa"', 'django_language="\\000"', 'csrftoken="\\000"']:
        r = c().get("/login/", headers={"cookie": cookie}); print(cookie, r.status_code)
        from django.test import Client as C
        r = c(); resp = r.generic("POST", "/login/", "username=a&password=b", content_type="application/x-www-form-urlencoded", HTTP_COOKIE=cookie); print(cookie, resp.status_code)

def test_code_nul(people):
    from tests.log_in.authenticator import give_app, password
    give_app(people.petra)
    cl = c(); password(cl, people.petra)
    print("code", cl.post("/login/code/", {"code": "123\x00456"}).status_code)
    print("cred", cl.post("/login/code/", {"credential": '{"id":"\\u0000","rawId":"AA","type":"public-key","response":{"userHandle":"AA"}}'}).status_code)
    cl.force_login(people.petra)
    for path, data in [("/profile/security/e-mail/", {"email": "a\x00@x.se", "password": PASSWORD}), ("/profile/security/e-mail/", {"email": "a@x.se", "password": "\x00"}),
        ("/password/change/", {"old_password": "\x00", "new_password1": "nine green herons\x00", "new_password2": "nine green herons\x00"}),
        ("/profile/security/confirm/", {"password": "\x00", "next": "\x00"}),  ("/profile/security/confirm/code/", {"code": "\x00", "next": "\x00"}), ("/profile/security/passkeys/add/", {"name": "\x00", "credential": "\x00"}),
        ("/profile/", {"first_name": "\x00", "last_name": "x", "phone_number": "\x00", "language": "\x00"}), ("/clinics/switch/", {"clinic": "\x00"})]:
        print(path, cl.post(path, data).status_code)
    print(cl.get("/profile/security/e-mail/%00/").status_code)
