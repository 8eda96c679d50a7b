"""Three people with something to say, on a running demo office: what they send, ask, erase, and must keep."""

import http.client
import json
import secrets
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urlencode

from crypto import calendar, codename
from crypto.binding import b64
from crypto.blob import padded_size
from crypto.constants import MAX_PIECES, PIECE_SIZE
from crypto.deletion import deletion_token, token_hash
from crypto.directory import Directory
from crypto.message import Content, Report, Text
from tests.noscript.visitor import Page, Upload, multipart, multipart_type, new_boundary
from tests.workstation import office as stations

OCTETS = {"Content-Type": "application/octet-stream"}
CHANNEL = "aduan-integritas"


@dataclass
class Person:
    """What is theirs alone. `address` is the one on loopback from which they call."""

    address: str
    words: tuple[str, ...] = field(default_factory=lambda: codename.make("id"))
    mark: str = field(default_factory=lambda: secrets.token_hex(12))

    @property
    def agent(self) -> str:
        return f"Peramban/{self.mark[:10]}"

    @property
    def file_name(self) -> str:
        return f"foto-{self.mark}.jpg"

    def say(self, what: str) -> str:
        return f"{what} {self.mark} “tiap Selasa”"

    def canaries(self) -> list[str]:
        """What they said, and who they are to a server: what their browser calls itself, and whence."""
        return [*self.said(), self.agent, self.address]

    def said(self, pairs: int | None = None) -> list[str]:
        """What is in every text and file name, the codename's stems, and (so many) two words side by side."""
        neighbours = [f"{a}{joint}{b}" for a, b in pairwise(self.words) for joint in " +"]
        return [self.mark[10:], " ".join(word[:4] for word in self.words), *neighbours[:pairs]]

    def request(
        self, port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> bytes:
        """The answer's body; of a redirect that of the page it leads to."""
        line = http.client.HTTPConnection("127.0.0.1", port, 60, (self.address, 0))
        line.request(method, path, body or None, {"User-Agent": self.agent, **(headers or {})})
        answer = line.getresponse()
        data = answer.read()
        line.close()
        assert answer.status < 400, data
        return self.request(port, "GET", answer.headers["Location"]) if answer.status == 303 else data


@dataclass
class Caller:
    """A person at the API, as the page is; the sealed bytes of everything that was sent are noted."""

    person: Person
    port: int
    directory: Directory
    sent: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        instance = self.directory.office.instance
        self.keys = codename.keys(codename.stretch(codename.read(" ".join(self.person.words)), instance))
        self.sealing = stations.Reporter(self.directory, keys=self.keys)
        self.office = self.directory.office.id
        self.day = calendar.today()  # of the visit, though midnight may come

    def report(self) -> None:
        self._send(Report({"what": self.person.say("Pungli terminal"), "who": "Petugas loket"}))

    def follow_up(self) -> None:
        self._send(Text(self.person.say("Pukul sembilan")))

    def attach(self, size: int) -> None:
        """A file, then the item that tells of it."""
        data = self.person.say("isi berkas").encode() + secrets.token_bytes(size)
        content, blob = stations.sealed_file(data, self.person.file_name)
        padded = padded_size(len(blob))
        asked = {"blob": b64(content.blob), "office": self.office, "size": padded}
        ticket = json.loads(
            self._ask("POST", "/api/ticket", json.dumps(asked).encode(), {"Content-Type": "application/json"})
        )
        bearer = OCTETS | {"Peluit-Ticket": ticket["ticket"]}
        address = f"/api/blob/{self.office}/{content.blob.hex()}/{padded}"
        step = MAX_PIECES * PIECE_SIZE
        for at in range(0, len(blob), step):
            self._ask("PUT", f"{address}/{at // PIECE_SIZE}", blob[at : at + step], bearer)
        self._ask("POST", f"{address}/done", self._token(), bearer)
        self.sent += [blob, content.blob]
        self._send(content)

    def visit(self) -> bool:
        """Whether the board has anything for this codename."""
        index = self._ask("GET", "/board/index")
        pages = (len(index) - 28) // 32 // 16
        slots = b"".join(self._ask("GET", f"/board/{index[8:24].hex()}/{page}") for page in range(pages))
        found = [
            stations.Slot(index[28 + 32 * n : 60 + 32 * n], slots[4096 * n : 4096 * (n + 1)])
            for n in range(16 * pages)
        ]
        return bool(self.sealing.replies(found))

    def erase(self) -> int:
        """Takes back what was sent today; how many things that were."""
        tokens = [deletion_token(self.keys.deletion, self.day, number) for number in range(4_096)]
        answer = self._ask("POST", f"/api/deletion/{self.office}", b"".join(tokens), OCTETS)
        return int(json.loads(answer)["erased"])

    def _send(self, content: Content) -> None:
        item = self.sealing.seal(content)
        token = self._token()
        self._ask("POST", f"/api/item/{self.office}/{CHANNEL}", token + item, OCTETS)
        self.sent += [item, token]

    def _token(self) -> bytes:
        number = secrets.randbelow(4_096)
        return token_hash(deletion_token(self.keys.deletion, self.day, number))

    def _ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
        return self.person.request(self.port, method, path, body, headers)


@dataclass
class Visitor:
    """A person at the door without scripts."""

    person: Person
    port: int
    office: str

    def report(self) -> None:
        typed = {"codename": self._name, "answer-what": self.person.say("Pungli"), "answer-who": "Loket"}
        self._post(f"report/{self.office}/{CHANNEL}", urlencode(typed).encode())

    def attach(self, size: int) -> None:
        boundary = new_boundary()
        data = self.person.say("isi").encode() + secrets.token_bytes(size)
        fields = [("codename", self._name), ("channel", CHANNEL)]
        body = multipart(boundary, fields, Upload(self.person.file_name, data))
        path = f"/id/evidence/{self.office}"
        self.person.request(self.port, "POST", path, body, multipart_type(boundary))

    def visit(self) -> list[str]:
        """The replies that are shown."""
        return self._post(f"thread/{self.office}", urlencode({"codename": self._name}).encode()).marked(
            "words"
        )

    @property
    def _name(self) -> str:
        return " ".join(self.person.words)

    def _post(self, path: str, body: bytes) -> Page:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return Page(self.person.request(self.port, "POST", f"/id/{path}", body, kind).decode())
