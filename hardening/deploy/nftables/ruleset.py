"""The rules of nftables: a table of our own, beside which others may stand.

In comes what was asked for, and ssh on the operator's port. Out go tor, Debian's updates (apt's own user),
the clock, and the names that the last two need; no program of Peluit, and not root.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Numbers:
    """What the rules need of this host: users' numbers, and the port of ssh (None: nobody comes in)."""

    tor: int
    apt: int
    time: int
    ssh: int | None


def ruleset(numbers: Numbers) -> str:
    """The file for `nft --file`; loading it again changes nothing."""
    ssh = f"    tcp dport {numbers.ssh} accept\n" if numbers.ssh else ""
    return f"""\
# Written by `peluit host install`. Loading it again replaces this table and no other.
table inet peluit
delete table inet peluit

table inet peluit {{
  chain input {{
    type filter hook input priority filter; policy drop;
    iif lo accept
    ct state established,related accept
    ct state invalid drop
    icmp type {{ destination-unreachable, time-exceeded, parameter-problem }} accept
    icmpv6 type {{ destination-unreachable, packet-too-big, time-exceeded, parameter-problem }} accept
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert }} accept
    udp sport 67 udp dport 68 accept
    udp sport 547 udp dport 546 accept
{ssh}  }}

  chain forward {{
    type filter hook forward priority filter; policy drop;
  }}

  chain output {{
    type filter hook output priority filter; policy drop;
    oif lo accept
    ct state established,related accept
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld2-listener-report }} accept
    udp sport 68 udp dport 67 accept
    udp sport 546 udp dport 547 accept
    meta skuid {numbers.tor} meta l4proto tcp accept
    meta skuid {numbers.apt} tcp dport {{ 80, 443 }} accept
    meta skuid {numbers.time} udp dport 123 accept
    meta skuid {{ {numbers.apt}, {numbers.time} }} udp dport 53 accept
    meta skuid {{ {numbers.apt}, {numbers.time} }} tcp dport 53 accept
    meta l4proto tcp reject with tcp reset
    reject
  }}
}}
"""
