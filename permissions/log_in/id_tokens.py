"""ID tokens of OpenID Connect: what a provider says about somebody, signed with a key that it publishes."""

from functools import lru_cache
from http import HTTPStatus
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

# The provider signs with a key that it alone has. With HS… our own secret would do, and "none" needs no key at all.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
NEEDED = ["iss", "sub", "aud", "exp", "iat"]
KEYS_KEPT_FOR = 600  # seconds: a key that the provider takes back is not believed for longer
CLOCKS_DIFFER_BY = 30  # seconds


class Keys(jwt.PyJWKClient):
    """PyJWT's, which keeps them and asks again for one that it does not know; asked as the rest is asked."""

    def fetch_data(self) -> dict[str, Any]:
        return fetched(self.uri)


def fetched(address: str) -> Any:
    """From the provider itself: it leads nobody on to another. Raises OAuth2Error."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, allow_redirects=False)
    if answer.status_code != HTTPStatus.OK:
        raise OAuth2Error(f"answered {answer.status_code}")
    return answer.json()


@lru_cache(maxsize=8)
def keys_at(address: str) -> Keys:
    return Keys(address, lifespan=KEYS_KEPT_FOR)


def _key_of(token: str, keys: Keys) -> jwt.PyJWK:
    """A provider that has one key need not name it; whether it has turned it is then asked each time."""
    if "kid" in jwt.get_unverified_header(token):
        return keys.get_signing_key_from_jwt(token)
    only, *others = keys.get_signing_keys(refresh=True)
    if others:
        raise jwt.PyJWKClientError("the token does not say which key signed it")
    return only


def verified(token: str, keys: str, issuer: str, audience: str) -> dict[str, Any]:
    """What the token says, if that provider signed it for us and it is still valid. Raises OAuth2Error."""
    try:
        claims = jwt.decode(
            token,
            _key_of(token, keys_at(keys)).key,
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=audience,
            leeway=CLOCKS_DIFFER_BY,
            options={"require": NEEDED},
        )
    except jwt.PyJWTError as problem:
        raise OAuth2Error("id_token refused") from problem
    if claims.get("azp", audience) != audience:  # several may read it, one asked for it
        raise OAuth2Error("id_token made for somebody else")
    if not claims["sub"]:
        raise OAuth2Error("id_token about nobody")
    return claims
