"""`peluit manifest verify` against the real source app under gunicorn, and against what stands in its way."""

import gzip
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from nacl.signing import SigningKey

from crypto.fields import Day
from hardening.manifest import signing
from hardening.manifest.form import address
from peluit.demo_office import DemoOffice
from peluit.manifest import fetch, served
from peluit.manifest.fetch import Place
from peluit.manifest.verify import verify
from source_app import create_app
from store.layout import Layout
from tests.hardening.manifest.between import changing, listening, socks_proxy
from tests.hardening.manifest.offering import offer
from tests.peluit.running import PELUIT, ports, refusal, run
from tests.source_app.conftest import start

PASSPHRASE = "lampu sumur kabut pelana rintik"


@dataclass(frozen=True)
class Site:
    """A running site that offers its manifest, and what its checker has got by another way."""

    port: int
    layout: Layout
    manifest: Path
    signers: Path

    def checked(self, port: int | None = None, seconds: float = fetch.SECONDS) -> int:
        return verify(
            Place.of(f"http://127.0.0.1:{port or self.port}/", None, seconds), self.manifest, self.signers
        )

    def files(self) -> list[str]:
        return sorted(signing.read(self.manifest.read_bytes()).manifest.files)


@pytest.fixture(scope="module")
def site(demo_office: DemoOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("manifest")
    layout = Layout(folder / "server")
    shutil.copytree(demo_office.server, layout.root)
    manifest, signers = offer(layout, folder)
    port = int(ports()[0])
    with tempfile.TemporaryDirectory(prefix="p") as short:
        server = start(layout, Path(short), PELUIT_BIND=f"127.0.0.1:{port}")
        yield Site(port, layout, manifest, signers)
        assert server.stop() == ""


def test_the_site_is_what_was_signed(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert site.checked() == 0
    assert capsys.readouterr().out.startswith(f"All {len(site.files())} files are what was signed")


def test_so_it_is_over_socks_and_by_its_own_manifest(site: Site) -> None:
    asked: list[tuple[str, int]] = []
    with socks_proxy(site.port, asked) as proxy:
        line = ["manifest", "verify", "http://peluitexample.onion/", "--signers", site.signers]
        done = run(PELUIT, *line, "--socks", f"127.0.0.1:{proxy}")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    # One question for the manifest, one for each file, and all by name.
    assert asked == [("peluitexample.onion", 80)] * (1 + len(site.files()))


def test_a_release_can_be_built_without_its_server(demo_office: DemoOffice) -> None:
    """What a signer compares: this release, rendered for the site's own offices."""
    there = served.of_folder(demo_office.server)
    page = there["/index.html"].decode()
    noscript = page.partition('href="http://')[2].partition('"')[0]
    again = served.of_release(
        demo_office.server / "public" / "site.json",
        f"http://{noscript.partition('/')[0]}/" if noscript else None,
    )
    assert {path: hashlib.sha256(each).hexdigest() for path, each in again.items()} == {
        path: hashlib.sha256(each).hexdigest() for path, each in there.items()
    }


def test_every_fixed_address_of_the_app_is_listed(site: Site) -> None:
    """What is not listed changes without a release, and each such address stands here by name."""
    app: Flask = create_app(site.layout)
    fixed = {
        rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
    }
    listed = {address(path) for path in site.files()} - {"/not-found"}
    changing_by_office = {"/board/index", "/api/intake"} | {
        f"/{language}/{name}"
        for language in ("id", "en")
        for name in ("statistics", "statistics/", "peluit-sealing.html", "peluit-sealing.html.sha256")
    }
    offered = {f"/{served.WELL_KNOWN}/{name}.json" for name in ("bundle", "manifest", "enrollment")}
    assert fixed - listed == changing_by_office | offered
    assert listed < fixed


def swap(old: bytes, new: bytes, where: str) -> Callable[[str, bytes], bytes]:
    """Changes one path's answer, its length kept right."""

    def change(path: str, answer: bytes) -> bytes:
        if path != where:
            return answer
        head, _blank, body = answer.partition(b"\r\n\r\n")
        lines = [
            line
            for line in head.split(b"\r\n")
            if not line.lower().startswith((b"content-length", b"content-encoding"))
        ]
        plain = gzip.decompress(body) if b"content-encoding" in head.lower() else body
        whole = b"\r\n".join(lines) + b"\r\n\r\n" + plain
        assert old in whole, (path, whole[:500])
        return whole.replace(old, new, 1)

    return change


SCRIPT = b"<script src=/assets/evil.js></script></body>"


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        (b"</body>", b"</body> ", "/id/", "/id/ holds other bytes: SHA-256 "),
        (b"</body>", SCRIPT, "/", "/ loads /assets/evil.js, which is not in the manifest"),
        (
            b"</body>",
            b"<script>1</script></body>",
            "/en/",
            "/en/ loads <script>, which is not in the manifest",
        ),
        (b"script-src 'self'", b"script-src *", "/", "/ has another content-security-policy: "),
        (
            b"text/html",
            b"text/plain",
            "/id",
            "/id has another content-type: text/plain; charset=utf-8 instead",
        ),
        (b"no-store", b"max-age=9", "/", "/ has another cache-control: max-age=9 instead of no-store"),
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 302 Found\r\nLocation: //evil/", "/", "/ answers with status 302"),
        (b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n", "/site.json", "does not send: set-cookie"),
        (b"\r\n\r\n", b"\r\nLink: </e.js>; rel=preload\r\n\r\n", "/", "does not send: link"),
        (b'"instance"', b'"Instance"', "/site.json", "/site.json holds other bytes"),
        (b"not-found", b"found-not", "/not-found", "/not-found holds other bytes"),
    ],
)
def test_what_differs_is_named(
    site: Site, capsys: pytest.CaptureFixture[str], old: bytes, new: bytes, where: str, said: str
) -> None:
    with changing(site.port, swap(old, new, where)) as port:
        assert site.checked(port) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(said in line for line in lines), lines
    assert all(line.startswith(f"{where} ") for line in lines[:-1])


def test_a_second_policy_is_named(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    more = b"\r\nContent-Security-Policy: default-src *\r\n\r\n"
    with changing(site.port, swap(b"\r\n\r\n", more, "/")) as port:
        assert site.checked(port) == 1
    assert " and default-src * instead of " in capsys.readouterr().out


def test_a_missing_file_is_named(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    worker = next(path for path in site.files() if "/worker-" in path)

    def change(path: str, answer: bytes) -> bytes:
        return b"HTTP/1.1 404 Not Found\r\n\r\n" if path == worker else answer

    with changing(site.port, change) as port:
        assert site.checked(port) == 1
    assert f"{worker} answers with status 404 instead of 200" in capsys.readouterr().out


OK = b"HTTP/1.1 200 OK\r\n"


def bomb() -> bytes:
    return OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(4 * fetch.LARGEST))


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (lambda: [OK + b"\r\n", *[bytes(2**20)] * 100], "is longer than 8 MiB"),
        (lambda: [bomb()], "unpacks to more than 8 MiB"),
        (lambda: [OK + b"Content-Encoding: br\r\n\r\nx"], "is packed in a way that the site never uses"),
        (lambda: [OK + b"Content-Encoding: gzip\r\n\r\nx"], "is packed, and not as one whole file"),
        (lambda: [OK, *[b"X: y\r\n"] * 10_000], "is no whole answer (HTTPException)"),
        (lambda: [OK + b"X: " + b"y" * 200_000], "is no whole answer (LineTooLong)"),
        (lambda: [b"SSH-2.0-x\r\n\r\n"], "is no whole answer (BadStatusLine)"),
        (lambda: [OK + b"Content-Length: 9\r\n\r\nx"], "ends 8 bytes before its end"),
        (list, "is no whole answer (RemoteDisconnected)"),
        (lambda: [OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"], "is no whole answer ("),
    ],
)
def test_a_hostile_answer_is_bounded_and_named(
    site: Site, capsys: pytest.CaptureFixture[str], pieces: Callable[[], list[bytes]], said: str
) -> None:
    def change(path: str, answer: bytes) -> bytes | list[bytes]:
        return pieces() if path == "/site.json" else answer

    with changing(site.port, change) as port:
        assert site.checked(port) == 1
    first, _last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"/site.json {said}"), first


def test_a_drip_comes_to_an_end(site: Site) -> None:
    """A byte now and then keeps a socket's own timeout from ever passing."""

    def drip(client) -> None:
        client.settimeout(0.05)
        client.sendall(OK)
        while True:
            client.sendall(b"X")
            try:
                if not client.recv(65_536):
                    return
            except TimeoutError:
                continue

    with listening(drip) as port, pytest.raises(fetch.HostileError, match="within 1 seconds"):
        fetch.fetch(Place.of(f"http://127.0.0.1:{port}", None, seconds=1), "/")


def test_no_answer_is_told_from_another_answer(site: Site, tmp_path: Path) -> None:
    nobody = ports()[0]
    line = ["manifest", "verify", f"http://127.0.0.1:{nobody}/", "--signers", site.signers]
    for given in ([], ["--manifest", site.manifest], ["--socks", f"127.0.0.1:{nobody}"]):
        done = run(PELUIT, *line, *given)
        assert (done.returncode, done.stderr) == (3, "")
        assert "nothing is proven" in done.stdout
    assert "is no manifest" in refusal(*line, "--manifest", site.signers, code=2)
    missing = [*line[:-1], tmp_path / "none"]
    assert "cannot be used: No such file" in refusal(*missing, code=2)
    assert "does not say who signs" in refusal(*line[:-1], site.manifest, code=2)
    assert "no address of a site" in refusal("manifest", "verify", "ftp://x/", *line[3:], code=2)


def test_a_site_that_offers_another_manifest_is_found_out(
    site: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A server that signs its own script list with its own key."""
    own = SigningKey(bytes([7]) * 32)
    signed = signing.read(site.manifest.read_bytes())
    bundle = signing.write_bundle(
        signing.add(signing.Signed(signed.manifest, {}), own),
        signing.Enrollment((own.verify_key.encode(),), 1, 90),
    )

    def change(path: str, answer: bytes) -> bytes:
        return OK + b"\r\n" + bundle if path.endswith("/bundle.json") else answer

    with changing(site.port, change) as port:
        assert verify(Place.of(f"http://127.0.0.1:{port}", None), None, site.signers) == 1
    assert (
        "0 of the signers have signed; 2 must (1 by keys that are not among them)." in capsys.readouterr().out
    )


def test_from_key_to_publication_on_the_command_line(demo_office: DemoOffice, tmp_path: Path) -> None:
    server = tmp_path / "server"
    shutil.copytree(demo_office.server, server)
    key, manifest, signers = tmp_path / "a.key", tmp_path / "m.json", tmp_path / "signers.json"
    assert "too easy to guess" in refusal("manifest", "key", "--to", key, typed="password1234\n")
    made = run(PELUIT, "manifest", "key", "--to", key, typed=f"{PASSPHRASE}\n")
    public = made.stdout.splitlines()[-1]
    assert (made.returncode, key.stat().st_mode & 0o777) == (0, 0o600)
    assert "is there already" in refusal("manifest", "key", "--to", key, typed=f"{PASSPHRASE}\n")
    enrolling = ["manifest", "enroll", "--to", signers, "--threshold"]
    assert "cannot be needed" in refusal(*enrolling, 2, "--signer", public)
    assert run(PELUIT, *enrolling, 1, "--signer", public).returncode == 0
    assert run(PELUIT, "manifest", "build", "--folder", server, "--to", manifest).returncode == 0
    publishing = ["manifest", "publish", manifest, "--folder", server, "--signers", signers]
    assert "0 of the signers have signed; 1 must" in refusal(*publishing)
    assert "is no key of a signer" in refusal("manifest", "sign", manifest, "--key", key, typed="other\n")
    assert run(PELUIT, "manifest", "sign", manifest, "--key", key, typed=f"{PASSPHRASE}\n").returncode == 0
    page = server / "public" / "pages" / "id" / "index.html"
    whole = page.read_bytes()
    page.write_bytes(whole + b" ")
    assert "not of what lies on this server" in refusal(*publishing)
    page.write_bytes(whole)
    assert run(PELUIT, *publishing).returncode == 0
    assert served.of_folder(server).keys() == signing.read(manifest.read_bytes()).manifest.files.keys()


def test_a_page_that_loads_a_strange_script_is_not_listed(demo_office: DemoOffice, tmp_path: Path) -> None:
    server = tmp_path / "server"
    shutil.copytree(demo_office.server, server)
    page = server / "public" / "pages" / "en" / "index.html"
    page.write_bytes(page.read_bytes().replace(b"</body>", SCRIPT))
    said = refusal("manifest", "build", "--folder", server, "--to", tmp_path / "m.json")
    assert "loads /assets/evil.js" in said


def test_a_manifest_tells_a_day_and_no_time(site: Site) -> None:
    signed = signing.read(site.manifest.read_bytes())
    assert signed.manifest.day == Day(signed.manifest.day)
    assert b":" not in signed.manifest.day.encode()
