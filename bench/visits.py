"""What a reporter's browser asks of the server, and the sealed reports that it sends."""

import json
import secrets
from functools import partial

from bench.load import Conversation, Visit, request
from bench.server import CHANNEL, OFFICE, Server
from crypto.board import read_index
from crypto.constants import HASH_SIZE, PAGE_SLOTS
from crypto.item import Context
from crypto.seal.item import seal_item
from peluit.reporter_pages import BUILT

_get = partial(request, "GET")
# Documents of ordinary reports are of this size, and fit the smallest payload.
_DOCUMENT_SIZE = 4_000


def posts(server: Server, count: int) -> list[bytes]:
    """`count` different reports, sealed to the reviewers of the channel, as requests."""
    found = server.slice
    context = Context(found.office.instance, OFFICE, CHANNEL)
    channel = found.office.channel(CHANNEL)
    assert channel
    keys = {reviewer: found.keys[reviewer] for reviewer in channel.recipients}
    return [
        request(
            "POST",
            f"/api/item/{OFFICE}/{CHANNEL}",
            secrets.token_bytes(HASH_SIZE)
            + seal_item(secrets.token_bytes(_DOCUMENT_SIZE), context, found.epoch, keys),
        )
        for _ in range(count)
    ]


def landing() -> Visit:
    """The landing page alone."""
    return ((_get("/"),),)


def reply_check(server: Server) -> Conversation:
    """The board's index and one page of it, drawn at random: the same with replies and without."""
    version, hints = read_index(server.board.index().read_bytes())
    return _get("/board/index"), _get(f"/board/{version.hex()}/{secrets.randbelow(len(hints) // PAGE_SLOTS)}")


def first_reports(server: Server, count: int) -> list[Visit]:
    """`count` whole visits: page, style, two scripts, site, keys, keys and report, a look at the board.

    Browsers open a second connection for what a page names; so do these.
    """
    assets = json.loads((BUILT / "assets.json").read_text())
    beside = (_get(f"/assets/{assets['style']}"), _get(f"/assets/{assets['worker']}"))
    before = (_get("/"), _get(f"/assets/{assets['main']}"), _get("/site.json"))
    keys = _get(f"/api/directory/{OFFICE}")
    return [((*before, keys, keys, post, *reply_check(server)), beside) for post in posts(server, count)]
