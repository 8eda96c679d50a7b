"""After a request nothing of it is left: not on the disk, not in a temporary file or log, not in memory."""

import secrets
from itertools import pairwise

from store.layout import Layout
from tests.e2e.browsers import until
from tests.noscript.conftest import Server
from tests.noscript.visitor import Upload
from tests.privacy.canaries import Hit, Search


def found(server: Server, layout: Layout, canaries: list[str]) -> set[Hit]:
    search = Search(canaries)
    hits = search.tree(layout.root) | search.tree(server.log.parent)
    for pid in server.processes():
        hits |= search.memory(pid)
    return hits


def words_of(codename: str) -> list[str]:
    words = codename.split()
    pairs = [f"{a}{joint}{b}" for a, b in pairwise(words) for joint in (" ", "+", "\n")]
    return [*pairs, " ".join(word[:4] for word in words)]


def test_nothing_of_a_request_is_left(server: Server, layout: Layout) -> None:
    """The connection stays open meanwhile."""
    visitor, mark = server.visitor(), secrets.token_hex(12)
    name = visitor.codename()
    codename, channel = ("codename", name), ("channel", "aduan")
    typed = ("answer-what", f"Pungli {mark} “tiap Selasa” " * 50), ("answer-who", f"Kepala {mark}")
    report, evidence = "/id/report/kota-contoh/aduan", "/id/evidence/kota-contoh"
    assert visitor.post(report, *typed, codename).status == 303
    # A form that comes back with what was typed.
    assert visitor.post(report, *typed, ("codename", f"zz{mark}")).status == 422
    data = f"isi {mark} ".encode() * 100_000
    assert visitor.attach(evidence, Upload(f"foto-{mark}.jpg", data), codename, channel).status == 303
    assert visitor.attach(evidence, Upload(f"kosong-{mark}.jpg", b""), codename, channel).status == 422
    assert (
        visitor.post("/id/message/kota-contoh", codename, channel, ("text", f"Susulan {mark}")).status == 303
    )
    assert visitor.post("/id/thread/kota-contoh", codename).status == 200
    assert found(server, layout, [mark, *words_of(name)]) == set()


def test_the_search_would_find_it(server: Server, layout: Layout) -> None:
    """While a request is under way the memory does hold its text: so the search looks in the right place."""
    mark = secrets.token_hex(12)
    head = (
        "POST /id/report/kota-contoh/aduan HTTP/1.1\r\nHost: x.onion\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 400000\r\n\r\n"
    )
    body = f"answer-what={mark}{'x' * 300_000}{mark}"
    with server.visitor().open() as connection:
        connection.sendall(f"{head}{body}".encode())
        assert until(lambda: found(server, layout, [mark]), seconds=30)
    assert until(lambda: not found(server, layout, [mark]), seconds=30)
