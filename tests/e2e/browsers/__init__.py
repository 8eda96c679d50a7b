"""Drives real browsers for the end-to-end tests: one interface, Chromium and Firefox ESR behind it."""

from .browser import Browser, Request
from .chromium import Chromium
from .counting_proxy import CountingProxy
from .errors import BrowserError, BrowserMissing
from .firefox import Firefox
from .waiting import until

__all__ = [
    "Browser",
    "BrowserError",
    "BrowserMissing",
    "Chromium",
    "CountingProxy",
    "Firefox",
    "Request",
    "until",
]
