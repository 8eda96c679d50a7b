"""The no-script door hands out the page for locking too."""

import hashlib

import pytest

from peluit.reporter_pages import place
from source_app.noscript import create_app
from source_app.sealing_files import SealingFiles
from store.layout import Layout
from tests.noscript.conftest import source_of
from tests.noscript.visitor import PlainVisitor


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_notice_leads_to_the_sealing_page(layout: Layout, language: str) -> None:
    place(layout)
    with source_of(layout) as source:
        client = create_app(source).test_client()
        page = PlainVisitor(client).get(f"/{language}/").page
        links = {tag.get("id"): tag.get("href") for _, tag in page.tags}
        assert links["sealing-page"] == f"/{language}/peluit-sealing.html"
        answer = client.get(links["sealing-page"])
        line = client.get(f"{links['sealing-page']}.sha256")
    assert line.text.split()[0] == hashlib.sha256(answer.data).hexdigest()
    assert answer.data == SealingFiles(layout).page(language)
    assert answer.headers["Content-Disposition"].startswith("attachment")
