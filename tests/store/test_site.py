"""The site file: written once, read strictly."""

import json

import pytest

from crypto.errors import ProtocolError
from store import site
from store.errors import NoSiteError, SiteExistsError
from store.layout import Layout
from tests.store.installation import OFFICE, SITE


def test_a_site_is_read_back(layout: Layout) -> None:
    site.write(layout, SITE)
    assert site.read(layout) == SITE
    assert site.read(layout).office(OFFICE) == SITE.offices[0]
    assert site.read(layout).office("nobody") is None


def test_it_is_written_once(layout: Layout) -> None:
    site.write(layout, SITE)
    with pytest.raises(SiteExistsError):
        site.write(layout, SITE)


def test_a_missing_or_damaged_site_is_named(layout: Layout) -> None:
    with pytest.raises(NoSiteError):
        site.read(layout)
    layout.site.write_bytes(b"{}")
    with pytest.raises(NoSiteError):
        site.read(layout)


@pytest.mark.parametrize(
    "change", [{"suite": "peluit/2"}, {"more": 1}, {"offices": []}, {"instance": "AA"}, {"offices": "twice"}]
)
def test_other_shapes_are_refused(layout: Layout, change: dict[str, object]) -> None:
    site.write(layout, SITE)
    value = json.loads(layout.site.read_bytes())
    if change == {"offices": "twice"}:
        change = {"offices": value["offices"][:1] * 2}
    text = json.dumps(value | change, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    with pytest.raises(ProtocolError):
        site.parse(text)


def test_white_space_is_refused(layout: Layout) -> None:
    site.write(layout, SITE)
    with pytest.raises(ProtocolError):
        site.parse(layout.site.read_bytes() + b"\n")
