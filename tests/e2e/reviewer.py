"""What a reviewer does online, step by step, in any of the browsers."""

from pathlib import Path

from tests.e2e.browsers import Browser
from tests.e2e.office import Office


def sign_in(browser: Browser, office: Office) -> None:
    """From the address to the queue."""
    browser.open(office.journalist + "en/sign-in")
    browser.type("#name", "inspektur")
    browser.type("#passphrase", office.sign_in["passphrase"])
    browser.type("#code", office.code())
    browser.click("#sign-in")
    browser.wait_for("#sign-out")


def download_everything_new(browser: Browser, office: Office, folder: Path) -> Path:
    """The path of the bundle that now holds everything new."""
    browser.open(office.journalist + "en/queue")
    browser.click("#export-new")
    browser.wait_for("#download")
    return browser.click_and_download("#download", folder)


def upload_bundle(browser: Browser, office: Office, bundle: Path) -> None:
    """Imports what the station wrote."""
    browser.open(office.journalist + "en/import")
    browser.attach("#bundle-file", bundle)
    browser.click("#import")
    browser.wait_for("#preview")
    browser.click("#publish")
    browser.wait_for("#imported")
