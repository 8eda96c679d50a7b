"""The main job from end to end: a report from a real browser to the air-gapped reader, and the answer back.

One telling for the tests and for `make journey`: each step yields its name when it is done, so that whoever
listens can take the time.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser
from tests.e2e.office import Office, originals

OpenBrowser = Callable[[], AbstractContextManager[Browser]]
ANSWER = "Terima kasih. Laporan Anda kami telaah; kapan tepatnya kejadian itu?"


@dataclass
class Secrets:
    """What only the reporter may know, new for each telling, and so fit to be searched for on the server."""

    what: str = field(default_factory=lambda: f"Pungli terminal {secrets.token_hex(8)} “tiap Selasa”")
    follow_up: str = field(default_factory=lambda: f"Pukul sembilan pagi {secrets.token_hex(8)}")
    file_name: str = field(default_factory=lambda: f"foto-{secrets.token_hex(8)}.jpg")
    file_start: str = field(default_factory=lambda: f"isi berkas {secrets.token_hex(8)}")
    codename: str = ""

    def canaries(self) -> list[str]:
        """The texts to look for. Two words of the codename side by side, however they are joined."""
        words = self.codename.split()
        pairs = [f"{a}{joint}{b}" for a, b in pairwise(words) for joint in (" ", "-", "\n")]
        stems = " ".join(word[:4] for word in words)
        return [self.what, self.follow_up, self.file_name, self.file_start, *pairs, stems, stems[:14]]


@dataclass
class Story:
    """One telling. `size` is that of the evidence file in bytes; `exclude` leaves a reviewer out."""

    office: Office
    open_reporter: OpenBrowser
    open_reviewer: OpenBrowser
    folder: Path
    size: int = 3_000_000
    exclude: str | None = None
    reporter_url: str = ""
    secrets: Secrets = field(default_factory=Secrets)
    case: int = 0

    def tell(self) -> Iterator[str]:
        """Runs the steps; AssertionError or BrowserError at the first that goes wrong."""
        evidence = self._make_file()
        yield from self._report(evidence)
        with self.open_reviewer() as online:
            reviewer.sign_in(online, self.office)
            yield from self._read(online, evidence)
            yield from self._answer(online)
            yield from self._return()
            yield from self._read_follow_up(online)
            assert online.console_errors() == []

    @property
    def _url(self) -> str:
        return self.reporter_url or self.office.source

    def _make_file(self) -> Path:
        path = self.folder / self.secrets.file_name
        path.write_bytes(self.secrets.file_start.encode() + secrets.token_bytes(self.size))
        return path

    def _report(self, evidence: Path) -> Iterator[str]:
        answers = {"what": self.secrets.what, "where": "Terminal Contoh", "who": "Petugas loket"}
        with self.open_reporter() as browser:
            reporter.write_report(
                browser, self._url, answers, [evidence], [self.exclude] if self.exclude else []
            )
            yield "write"
            self.secrets.codename = reporter.take_codename(browser)
            yield "codename"
            reporter.send(browser)
            assert browser.console_errors() == []
        yield "send"

    def _read(self, online: Browser, evidence: Path) -> Iterator[str]:
        bundle = self._download(online, "in-1")
        yield "download bundle"
        reader = self._reader()
        before = self._cases(reader)
        if self.exclude:
            mine = self._cases(self.exclude)
            self.office.station("import", str(bundle), reviewer=self.exclude)
            assert self._cases(self.exclude) == mine
        else:
            self.office.station("import", str(bundle), reviewer=reader)
        (self.case,) = self._cases(reader) - before
        yield "import on the station"
        shown = self.office.station("show", str(self.case), reviewer=reader)
        assert shown["excluded"] == ([self.exclude] if self.exclude else [])
        report = next(message for message in shown["messages"] if message["kind"] == "report")
        assert report["answers"]["what"] == self.secrets.what
        (piece,) = shown["evidence"]
        assert (piece["name"], piece["size"], piece["arrived"]) == (
            evidence.name,
            evidence.stat().st_size,
            True,
        )
        out = self.folder / "exported"
        out.mkdir()
        self.office.station("evidence", "export", str(self.case), "1", "--to", str(out), reviewer=reader)
        (exported,) = originals(out)
        assert _digest(exported) == _digest(evidence)
        yield "read and export evidence"

    def _answer(self, online: Browser) -> Iterator[str]:
        reader = self._reader()
        self.office.station("reply", str(self.case), "--text", ANSWER, reviewer=reader)
        stick = self.folder / "stick"
        stick.mkdir()
        self.office.station("bundle", "--to", str(stick), reviewer=reader)
        (bundle,) = stick.iterdir()
        yield "reply"
        reviewer.upload_bundle(online, self.office, bundle)
        yield "upload bundle"
        self.office.publish_board()
        yield "publish the board"

    def _return(self) -> Iterator[str]:
        with self.open_reporter() as browser:
            assert reporter.come_back(browser, self._url, self.secrets.codename) == [ANSWER]
            yield "read the reply"
            reporter.follow_up(browser, self.secrets.follow_up)
            assert browser.console_errors() == []
        yield "follow up"

    def _read_follow_up(self, online: Browser) -> Iterator[str]:
        bundle = self._download(online, "in-2")
        reader = self._reader()
        before = self._cases(reader)
        self.office.station("import", str(bundle), reviewer=reader)
        assert self._cases(reader) == before
        shown = self.office.station("show", str(self.case), reviewer=reader)
        texts = [message["text"] for message in shown["messages"] if message["kind"] == "message"]
        assert texts == [self.secrets.follow_up]
        yield "read the follow-up"

    def _download(self, online: Browser, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return reviewer.download_everything_new(online, self.office, folder)

    def _cases(self, reader: str) -> set[int]:
        return {case["number"] for case in self.office.station("cases", reviewer=reader)["cases"]}

    def _reader(self) -> str:
        return "auditor" if self.exclude == "inspektur" else "inspektur"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
