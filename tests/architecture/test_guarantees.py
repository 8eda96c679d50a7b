"""Every test that docs/guarantees.md names exists, and every guarantee names one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_guarantee_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "guarantees.md").read_text("utf-8")
    existing = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    guarantees = re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:]
    for guarantee in guarantees:
        named = set(re.findall(r"`(test_\w+)`", guarantee))
        assert named, guarantee
        assert named <= existing, named - existing


def test_paths_and_targets_named_in_the_docs_exist() -> None:
    for document in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        text = document.read_text("utf-8")
        for path in re.findall(r"`((?:crypto|store|tests|source_app|bench|docs)/[\w./-]+)`", text):
            assert (ROOT / path).exists(), f"{document.name}: {path}"
        for link in re.findall(r"\]\(([\w./-]+)\)", text):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
