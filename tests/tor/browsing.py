"""Firefox ESR as Tor Browser reaches onion services (its 000-tor-browser.js), through a given tor client."""

from tests.e2e.browsers import Firefox
from tests.e2e.browsers.firefox_prefs import Prefs
from tests.tor.socks import Proxy


def through(proxy: Proxy) -> Prefs:
    """Nothing goes out but through this SOCKS port, names included; onion services count as secure."""
    return {
        "network.proxy.type": 1,
        "network.proxy.socks": proxy.host,
        "network.proxy.socks_port": proxy.port,
        "network.proxy.socks_version": 5,
        "network.proxy.socks_remote_dns": True,
        "network.proxy.no_proxies_on": "",
        "network.proxy.allow_hijacking_localhost": True,
        "network.proxy.failover_direct": False,
        "network.dns.disabled": True,
        "network.dns.blockDotOnion": True,
        "network.trr.mode": 5,
        "network.http.http3.enable": False,
        "network.http.connection-retry-timeout": 0,
        "network.http.max-persistent-connections-per-proxy": 256,
        "dom.securecontext.allowlist_onions": True,
        "dom.security.https_only_mode.upgrade_onion": False,
    }


def tor_browser(
    proxy: Proxy, *, safer: bool = False, safest: bool = False, prefs: Prefs | None = None
) -> Firefox:
    """A session at one of Tor Browser's levels; `prefs` are what is set otherwise."""
    return Firefox(safer=safer, safest=safest, prefs={**through(proxy), **(prefs or {})})
