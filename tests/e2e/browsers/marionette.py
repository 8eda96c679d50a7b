"""What is used of marionette_driver, imported without the deprecation warnings of what it imports itself."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from marionette_driver.errors import MarionetteException
    from marionette_driver.geckoinstance import DesktopInstance, GeckoInstance
    from marionette_driver.marionette import Marionette

TEST_PREFS: dict[str, bool | int | str] = {**GeckoInstance.required_prefs, **DesktopInstance.desktop_prefs}
"""Mozilla's own list for automated tests: no telemetry, updates, captive portal, remote settings."""

__all__ = ["TEST_PREFS", "Marionette", "MarionetteException"]
