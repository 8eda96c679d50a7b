"""What a page makes a browser load: the addresses in it that are fetched without a click."""

from html.parser import HTMLParser
from typing import Final

# What these name is fetched or run. A link's target (<a href>) is not: that is the reader's click.
_ADDRESSES: Final = frozenset(
    {"src", "srcset", "data", "poster", "background", "code", "archive", "manifest", "srcdoc"}
)
_LINKS: Final = frozenset({"link", "base", "use", "image"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetched = name in _ADDRESSES or (tag in _LINKS and name in {"href", "xlink:href"})
            runs = name.startswith("on") or name in {"action", "formaction", "ping", "style"}
            if fetched:
                self.found.add(value or "")
            elif runs:
                self.found.add(f"{name}={value or ''}"[:80])
        inline = tag == "style" or (tag == "script" and not any(name == "src" for name, _value in attrs))
        if inline:
            self.found.add(f"<{tag}>")


def loads(untrusted_page: bytes) -> set[str]:
    """The addresses that it loads; what runs inside the page itself, by its element or attribute."""
    reader = _Reader()
    try:
        reader.feed(untrusted_page.decode("utf-8", "replace"))
        reader.close()
    except AssertionError:  # what html.parser raises for a declaration that it does not know
        reader.found.add("<![")
    return reader.found
