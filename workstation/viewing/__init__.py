"""Showing evidence without opening it in any program of the host: `view(station, case, number, page)`."""

from workstation.viewing.showing import View, view

__all__ = ["View", "view"]
