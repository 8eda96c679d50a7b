"""Every vector, with the Python implementation. The browser's runs in source_app/web/test/vectors.test.ts."""

import json
from pathlib import Path

import pytest

from crypto.errors import ProtocolError
from tests.vectors import bundles
from tests.vectors.run import CALLS

BUNDLES = sorted(Path(__file__).parent.parent.joinpath("vectors", "bundles").glob("*.json"))
FILES = sorted(Path(__file__).parent.parent.joinpath("vectors").glob("*.json"))


def test_there_are_vectors_for_every_call() -> None:
    assert {json.loads(path.read_text())["call"] for path in FILES} == set(CALLS)


def test_there_are_bundles_for_every_call() -> None:
    assert {json.loads(path.read_text())["call"] for path in BUNDLES} == set(bundles.CALLS)


@pytest.mark.parametrize("path", [*FILES, *BUNDLES], ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    vector = json.loads(path.read_text())
    call = (CALLS | bundles.CALLS)[vector["call"]]
    if "error" in vector:
        with pytest.raises(ProtocolError) as caught:
            call(vector["input"])
        assert caught.value.kind == vector["error"]
    else:
        assert call(vector["input"]) == vector["output"]
