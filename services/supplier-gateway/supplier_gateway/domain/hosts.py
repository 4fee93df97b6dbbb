"""Names of machines as name servers and certificates know them: ASCII, every label whole."""

import ipaddress

import idna


def ascii_host(host: str) -> str:
    """A host as it is called: an address as it is, an umlaut name in its `xn--` form.

    Raises ValueError for a name no name server can know: empty or overlong labels, characters
    outside letters, digits and hyphens, a number that is not a whole address.
    """
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    name = idna.encode(host, uts46=True, std3_rules=True).decode("ascii").removesuffix(".")
    if name.rpartition(".")[2].isdigit():
        raise ValueError("a last label of digits alone is read as an address by some resolvers")
    return name
