"""Office documents: LibreOffice in the sandbox makes pages of them, and runs and fetches nothing."""

import io
import socket
import zipfile

import pytest

from tests.workstation.viewing.conftest import MakeSource
from workstation.errors import NoSuchPageError, NotShownError
from workstation.viewing import cleaned, rendering, sandbox
from workstation.viewing.kinds import Family
from workstation.viewing.showing import show

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("script", "script"))
)
_MORE = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dom="http://www.w3.org/2001/xml-events"'
_SVG = 'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
ODT = "application/vnd.oasis.opendocument.text"


def document(body: str, scripts: str = "", more: dict[str, str] | None = None) -> bytes:
    """An OpenDocument text."""
    content = (
        f'<office:document-content {_SPACES} {_MORE} {_SVG} office:version="1.2">{scripts}'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    names = {"/": ODT, "content.xml": "text/xml"} | dict.fromkeys(more or {}, "text/xml")
    entry = '<m:file-entry m:full-path="{}" m:media-type="{}"/>'
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" m:version="1.2">'
        + "".join(entry.format(*pair) for pair in names.items())
        + "</m:manifest>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("mimetype", ODT)
        for name, text in {"content.xml": content, "META-INF/manifest.xml": manifest, **(more or {})}.items():
            opened.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return file.getvalue()


def word(text: str) -> bytes:
    """A Word document."""
    types, main = "http://schemas.openxmlformats.org", "application/vnd.openxmlformats-officedocument"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}.wordprocessingml.document.main+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{types}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{types}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{types}/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        f"<w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name, body in parts.items():
            opened.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + body)
    return file.getvalue()


def test_documents_are_shown_page_by_page(source: MakeSource) -> None:
    blank = show(source(document("<text:p/>")), 1)
    written = show(source(document("<text:p>Surat perintah perjalanan dinas</text:p>" * 100)), 2)
    assert (blank.family, blank.pages) == (Family.OFFICE, 1)
    assert written.pages >= 2
    assert blank.picture is not None and written.picture is not None
    assert len(written.picture) > len(blank.picture) + 5_000  # words, and not an empty sheet
    with pytest.raises(NoSuchPageError):
        show(source(word("Surat")), 2)


def test_a_document_that_is_none_is_refused(source: MakeSource) -> None:
    for data in (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000), document("<text:p")):
        with pytest.raises(NotShownError):
            show(source(data), 1)


def test_what_a_document_links_to_is_not_fetched(source: MakeSource) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        link = f"http://127.0.0.1:{server.getsockname()[1]}/canary.png"
        image = f'<draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="{link}"/></draw:frame>'
        show(source(document(f"<text:p>{image}</text:p>")), 1)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_cleaned_document_has_no_author(source: MakeSource) -> None:
    meta = (
        f'<office:document-meta {_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2">'
        "<office:meta><dc:creator>Siti-Rahasia</dc:creator></office:meta></office:document-meta>"
    )
    copy = cleaned.clean(source(document("<text:p>Surat</text:p>", more={"meta.xml": meta})))
    with zipfile.ZipFile(io.BytesIO(copy)) as opened:
        assert all(b"Siti-Rahasia" not in opened.read(name) for name in opened.namelist())
        assert b"Surat" in opened.read("content.xml")


BASIC = """Sub Run
Open "/tmp/macro-ran" For Output As #1
Close #1
End Sub"""


def with_macro() -> bytes:
    """A document whose macro leaves a file, and is to run when the document is opened."""
    library = 'xmlns:library="http://openoffice.org/2000/library" library:name="Standard"'
    listener = (
        '<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" '
        'script:event-name="dom:load" xlink:type="simple" '
        'xlink:href="vnd.sun.star.script:Standard.Module1.Run?language=Basic&amp;location=document"/></office:event-listeners></office:scripts>'
    )
    module = (
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
        f'script:language="StarBasic">{BASIC}</script:module>'
    )
    more = {
        "Basic/script-lc.xml": '<library:libraries xmlns:library="http://openoffice.org/2000/library">'
        '<library:library library:name="Standard" library:link="false"/></library:libraries>',
        "Basic/Standard/script-lb.xml": f'<library:library {library} library:readonly="false" '
        'library:passwordprotected="false"><library:element library:name="Module1"/></library:library>',
        "Basic/Standard/Module1.xml": module,
    }
    return document("<text:p>Surat</text:p>", listener, more)


def test_a_macro_that_could_run_does_not(source: MakeSource) -> None:
    """Where macros are allowed and it is called by name, it runs; where evidence is shown, it does not."""
    file = source(with_macro())
    allowing = rendering.NO_MACROS.replace(">true<", ">false<").replace(">3<", ">0<")
    waiting = "until [ -e /tmp/macro-ran ]; do sleep 0.2; done;"
    started = f'"$1" macro://./Standard.Module1.Run >/dev/null 2>&1 & {waiting}'
    opening = rendering.TO_PDF.replace("--convert-to pdf --outdir /tmp/out", "").partition('"$1" >')[0]
    by_name = opening + started
    outcome = "ls /tmp; cat /tmp/profile/user/registrymodifications.xcu"
    ran = {}
    ways = {"allowed": (by_name, allowing), "shown": (rendering.TO_PDF, rendering.NO_MACROS)}
    for name, (script, profile) in ways.items():
        command = ["sh", "-c", script + outcome, "sh", "/in/file.odt", "1", profile]
        ran[name] = sandbox.run(command, file.descriptor, "odt", rendering.OFFICE).untrusted_data
    assert b"macro-ran" in ran["allowed"]
    assert b"macro-ran" not in ran["shown"]
    assert b'"DisableMacrosExecution" oor:op="fuse"><value>true<' in ran["shown"]  # as LibreOffice took it
