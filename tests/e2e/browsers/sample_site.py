"""A small site under a strict CSP, served from a thread: what the browsers' own contract test looks at."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

CSP = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; style-src 'self';"
    " form-action 'none'"
)

DOWNLOAD = bytes(range(256)) * 1000

_PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>Sample</title>
<script src=/page.js defer></script>
<p id=count>0</p><button id=add>Add</button><button id=off disabled>Off</button><p id=hidden hidden>Hidden</p>
<input id=line value=before><textarea id=lines></textarea><p id=echo></p>
<select id=choice><option value=a>A<option value=b>B</select><input id=box type=checkbox>
<label>Files<input id=files type=file multiple hidden></label><p id=attached></p>
<button id=work>Work</button><p id=digest></p><button id=err>Err</button>
<a id=served href=/served.bin>Served</a><a id=made download=made.bin>Made</a><a id=next href=/next>Next</a>
<noscript><p id=noscript>Without scripts</p></noscript>"""

_SCRIPT = """
const $ = id => document.getElementById(id);
window.ownVariable = 7;
$("add").onclick = event => {
  $("count").textContent = Number($("count").textContent) + (event.isTrusted ? 1 : 100);
};
$("line").oninput = () => { $("echo").textContent = $("line").value; };
$("files").onchange = () => {
  $("attached").textContent = [...$("files").files].map(file => `${file.name}:${file.size}`).join(" ");
};
$("work").onclick = () => {
  new Worker("/worker.js").onmessage = event => { $("digest").textContent = event.data; };
};
$("err").onclick = () => {
  console.error("said on purpose");
  new Worker("/complainer.js");
  setTimeout(() => { throw new Error("thrown on purpose"); });
  document.body.append(Object.assign(new Image(), { src: "/forbidden.png" }));
};
$("made").href = URL.createObjectURL(new Blob([new Uint8Array(5000)]));
"""

_WORKER = """
(async () => {
  const bytes = new Uint8Array(300_000);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const answer = await fetch("/echo", { method: "POST", body: bytes });
  postMessage(`${digest[0]} ${await answer.text()}`);
})();
"""

_TEXTS = {
    "/": ("text/html", _PAGE),
    "/page.js": ("text/javascript", _SCRIPT),
    "/worker.js": ("text/javascript", _WORKER),
    "/complainer.js": ("text/javascript", 'console.error("said by a worker");'),
    "/next": ("text/html", "<!doctype html><title>Next</title><p id=arrived>Arrived</p>"),
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/served.bin":
            self._answer(200, "application/octet-stream", DOWNLOAD, attachment=True)
        elif self.path in _TEXTS:
            kind, text = _TEXTS[self.path]
            self._answer(200, kind, text.encode())
        else:
            self._answer(404, "text/plain", b"not here")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, "text/plain", str(len(body)).encode())

    def _answer(self, status: int, kind: str, body: bytes, attachment: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        if attachment:
            self.send_header("Content-Disposition", "attachment; filename=served.bin")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def sample_site() -> Iterator[int]:
    """Serve the site on 127.0.0.1 and give its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
