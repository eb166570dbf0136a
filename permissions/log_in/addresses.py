"""From where a request comes: the proxies that we trust say it, everybody else could write what they like."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
# As TRUSTED_PROXIES names a proxy on the same machine that speaks through a socket: it has no address.
SOCKET = "unix"
IPV6_CUSTOMER_BITS = 64


def client_address(request: HttpRequest) -> str | None:
    """Back along the proxies until one is not ours; None when nobody says."""
    proxies = _proxies(tuple(settings.TRUSTED_PROXIES))
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    trusted = SOCKET in settings.TRUSTED_PROXIES if address is None else _is_in(address, proxies)
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not trusted or (before := _parsed(hop)) is None:
            break
        address, trusted = before, _is_in(before, proxies)
    return str(address) if address else None


def counted_address(request: HttpRequest) -> str | None:
    """What wrong passwords are counted by: who has one IPv6 address has all of its network."""
    address = _parsed(client_address(request) or "")
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_CUSTOMER_BITS), strict=False).network_address)
    return str(address) if address else None


def _parsed(text: str) -> Address | None:
    """Some proxies write the port as well: 192.0.2.1:5000, [2001:db8::1]:5000."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache
def _proxies(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name, strict=False) for name in names if name != SOCKET)


def _is_in(address: Address, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address in network for network in networks)
