"""Firefox preferences of a test session: quiet on the network, private, at one of Tor Browser's levels."""

import json

from .marionette import TEST_PREFS

Prefs = dict[str, bool | int | str]

QUIET: Prefs = {
    **TEST_PREFS,
    "app.normandy.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.blockedURIs.enabled": False,
    "extensions.blocklist.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "network.http.speculative-parallel-limit": 0,
    "network.trr.mode": 5,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.unified": False,
}

PRIVATE: Prefs = {
    # As Tor Browser: nothing of a session is written down.
    "browser.privatebrowsing.autostart": True,
    "places.history.enabled": False,
    "browser.cache.disk.enable": False,
    # http://….onion counts as a secure context, so it has crypto.subtle.
    "dom.securecontext.allowlist_onions": True,
}

DOWNLOADS: Prefs = {
    # Save every kind of file without asking; the folder is set with each download.
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.always_ask_before_handling_new_types": False,
    "browser.download.alwaysOpenPanel": False,
    "browser.download.open_pdf_attachments_inline": False,
}

LOOKS: Prefs = {
    # Scrollbars take no room, as in headless Chromium: a viewport's whole width is laid out.
    "ui.useOverlayScrollbars": 1,
}

SAFER: Prefs = {
    "javascript.options.ion": False,
    "javascript.options.baselinejit": False,
    "javascript.options.native_regexp": False,
    "javascript.options.wasm": False,
    "javascript.options.asmjs": False,
    "mathml.disabled": True,
    "gfx.font_rendering.graphite.enabled": False,
    "gfx.font_rendering.opentype_svg.enabled": False,
}

SAFEST: Prefs = {**SAFER, "javascript.enabled": False, "svg.disabled": True}


def as_user_js(prefs: Prefs) -> str:
    """The text of a profile's user.js with these preferences."""
    return "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items())
