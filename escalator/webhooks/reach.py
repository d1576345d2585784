"""Which addresses may be called: public ones, and those that an administrator has allowed.

A name is resolved when something is delivered, and the very address that was looked at is called: between a
look and a call a name could become somebody else's. Nothing inside our own network is called by accident, or
because somebody has asked for it.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: What carries IPv4 within IPv6: it is public, and leads anywhere.
_CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))

_LONGEST = 500


class Unreachable(Exception):
    """An address must not be called, or has no place on the network now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target is.

    Attributes:
        scheme: 'https', or 'http' on this machine.
        host: As the target's address has it.
        port: Its port.
        path: With what stands behind it.
    """

    scheme: str
    host: str
    port: int
    path: str


def read(url: str) -> Place:
    """An address as its parts.

    Raises:
        ValueError: It is not one that can be a target's.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme not in ("https", "http") or not host or len(url) > _LONGEST:
        raise ValueError("not an address of https")
    if parts.username is not None or parts.password is not None or parts.fragment or not url.isascii():
        raise ValueError("more than an address")
    if any(each.isspace() or not each.isprintable() for each in url):
        raise ValueError("blanks in an address")
    query = f"?{parts.query}" if parts.query else ""
    usual = 443 if parts.scheme == "https" else 80
    return Place(parts.scheme, host, port or usual, f"{parts.path or '/'}{query}")


async def resolve(place: Place, allowed: Sequence[str]) -> Address:
    """The address on the network that may be called.

    Args:
        place: Whose.
        allowed: Networks of ours that may be called too, such as '10.1.0.0/16'.

    Raises:
        Unreachable: There is none.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("the name is not known") from None
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    networks = [ipaddress.ip_network(each) for each in allowed]
    # All of them: whoever can put one of ours among the addresses of a name means it.
    if not addresses or not all(_may_be_called(each, networks) for each in addresses):
        raise Unreachable("the name leads into a network that is not public")
    if place.scheme == "http" and not all(each.is_loopback for each in addresses):
        raise Unreachable("without https only this machine is called")
    return addresses[0]


def _may_be_called(address: Address, networks: Sequence[Network]) -> bool:
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = inner or address
    if any(address in network for network in networks if network.version == address.version):
        return True
    carried = isinstance(address, ipaddress.IPv6Address) and any(address in each for each in _CARRIERS)
    return address.is_global and not address.is_multicast and not carried
