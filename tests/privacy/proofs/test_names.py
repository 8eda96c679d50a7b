"""docs/proofs.md lists every proof, and for each a planted leak that exists."""

import re
from pathlib import Path

from tests.privacy.proofs.names import PROOFS, proof

ROOT = Path(__file__).parents[3]
_ROW = re.compile(r"^\| `(\w+)` \|.*\|([^|]+)\|$", re.MULTILINE)


def test_every_proof_is_listed_with_a_planted_leak_that_exists() -> None:
    rows = dict(_ROW.findall((ROOT / "docs" / "proofs.md").read_text("utf-8")))
    assert tuple(rows) == PROOFS
    sources = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for name, leak in rows.items():
        planted = re.findall(r"`(test_\w+)`", leak)
        assert planted and all(f"def {test}(" in sources for test in planted), name
        assert callable(proof(name))
