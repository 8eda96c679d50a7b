"""Writes what Peluit is made of, in CycloneDX's JSON, into a folder: one file for each lock.

Made from the locks alone, so that the same locks give the same bytes: no time, no random number.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PYTHON: Final = ("run", "station")
"""The locks of what is delivered; those of tests and builds are audited, and not delivered."""


def python(lock: str) -> dict[str, Any]:
    """Of a lock of Python packages, by cyclonedx-py."""
    line = ["requirements", f"requirements/{lock}.txt", "--output-reproducible", "--output-format", "JSON"]
    return _json([sys.executable, "-m", "cyclonedx_py", *line], ROOT)


def npm() -> dict[str, Any]:
    """Of the page's packages, by npm."""
    line = ["npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]
    return _json(line, ROOT / "source_app" / "web")


def _json(line: list[str], folder: Path) -> dict[str, Any]:
    done = subprocess.run(line, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    found.pop("serialNumber", None)
    found.get("metadata", {}).pop("timestamp", None)
    return found


def write(to: Path) -> None:
    """`<lock>.cdx.json` for each lock."""
    to.mkdir(parents=True, exist_ok=True)
    for name, content in {**{lock: python(lock) for lock in PYTHON}, "page": npm()}.items():
        path = to / f"{name}.cdx.json"
        path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")
        sys.stdout.write(f"{path}: {len(content['components'])} packages\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "artefacts" / "sbom", metavar="FOLDER")
    write(parser.parse_args().to)
