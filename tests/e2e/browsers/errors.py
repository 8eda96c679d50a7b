"""What goes wrong when a browser is driven; every message is meant to be read in a test report."""


class BrowserError(Exception):
    """The page or the browser did not do what the test asked of it."""


class BrowserMissing(BrowserError):
    """The browser's program is not installed; the message names the Debian package."""


class PageReplaced(BrowserError):
    """The page went away while it was being read: a wait looks again, anything else fails."""
