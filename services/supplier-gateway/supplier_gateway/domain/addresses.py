"""Which network addresses may be called: public ones, whatever form hides another inside."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # NAT64: an IPv4 address in the last 32 bits

_CLOUDS = (
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("168.63.129.16/32"),
)
"""Where clouds tell their machines secrets; the registry, or an older Python, calls them public."""
_UNROUTED = (
    ipaddress.IPv6Network("64:ff9b:1::/48"),
    ipaddress.IPv6Network("100:0:0:1::/64"),
    ipaddress.IPv6Network("3fff::/20"),
    ipaddress.IPv6Network("5f00::/16"),
)
"""Translated to IPv4 by local rules, documentation, segment routing: newer than this Python."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet.

    False for loopback, private, link-local (clouds tell secrets at 169.254.169.254), shared,
    multicast, reserved and documentation ranges, and for tunnels (6to4, Teredo). An IPv4 address
    inside an IPv6 one is judged for itself.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped
        if address in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
        if address.sixtofour is not None or address.teredo is not None or address.is_site_local:
            return False
        if any(address in network for network in _UNROUTED):
            return False
    elif any(address in network for network in _CLOUDS):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
