"""Asks pip-audit and npm audit whether anything locked has a known hole that is not excused in the docs.

Exit codes: 0 nothing is known, 1 something is, or the exceptions do not fit, 3 (only with --strict) somebody
could not be asked. Without --strict that is a line that says so: it is not the same as "nothing is known".
"""

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
WEB: Final = ROOT / "source_app" / "web"
LOCKS: Final = ("test", "bench", "pip")
"""The Python locks; those of server and station are parts of the first (tests/supply_chain/test_locks.py)."""

LIMIT: Final = 600  # seconds


@dataclass(frozen=True)
class Finding:
    """A hole that is known in a release that is locked; `ids` are its names, the usual one first."""

    package: str
    version: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.package} {self.version}: {self.ids[0]}"


@dataclass
class Report:
    """What was found, and in which registry somebody could be asked."""

    findings: list[Finding] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    unasked: list[str] = field(default_factory=list)


def ask_python(report: Report, requirements: list[Path], osv: str | None) -> None:
    """One package alone first: where no advisories are served, a hundred questions would learn nothing."""
    answer: list[dict[str, Any]] | None = None
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first.txt"
        first.write_text(_first(requirements[0]), "utf-8")
        for files in ([first], requirements):
            answer = _pip_audit(files, osv)
            if answer is None:
                report.unasked.append("The Python packages: pip-audit got no answer.")
                return
            silent = [each["name"] for each in answer if "skip_reason" in each]
            if silent:
                report.unasked.append(
                    f"The Python packages: nobody knows {silent[0]} (pip-audit calls that no hole)."
                )
                return
    report.asked.add("pypi")
    report.findings += [
        Finding(each["name"], each["version"], (hole["id"], *hole["aliases"]))
        for each in answer or ()
        for hole in each["vulns"]
    ]


def _first(requirements: Path) -> str:
    lines = requirements.read_text("utf-8").splitlines()
    end = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
    return "\n".join(lines[: end + 1]) + "\n"


def _pip_audit(requirements: list[Path], osv: str | None) -> list[dict[str, Any]] | None:
    service = ["--vulnerability-service", "osv", "--osv-url", osv] if osv else []
    files = [word for path in requirements for word in ("--requirement", str(path))]
    line = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"]
    return _json([*line, "--progress-spinner", "off", "--aliases", "on", *service, *files]).get(
        "dependencies"
    )


def ask_npm(report: Report, folder: Path) -> None:
    """npm sends the whole lock in one question."""
    answer = _json(["npm", "audit", "--json", "--package-lock-only"], folder)
    if "vulnerabilities" not in answer or "error" in answer:
        why = str(answer.get("message", "no answer")).partition(" - ")[0]
        report.unasked.append(f"The npm packages: npm audit got {why}.")
        return
    report.asked.add("npm")
    for each in answer["vulnerabilities"].values():
        for hole in each["via"]:
            if isinstance(hole, dict):  # else the name of the package below it that has the hole
                name = str(hole["url"]).rstrip("/").rsplit("/", 1)[-1]
                report.findings.append(Finding(each["name"], each["range"], (name,)))


def _json(line: list[str], folder: Path = ROOT) -> dict[str, Any]:
    """What the program says on standard output; nothing if that is no JSON or takes too long."""
    try:
        done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=LIMIT, check=False)  # noqa: S603
        said = json.loads(done.stdout)
    except (ValueError, subprocess.TimeoutExpired):
        return {}
    return said if isinstance(said, dict) else {}


def objections(report: Report, exceptions: list[dict[str, Any]], today: datetime.date) -> list[str]:
    """What is wrong, a sentence each: holes, and exceptions that are over, empty or for nothing."""
    said, excused = [], set()
    for each in exceptions:
        name, package = str(each["id"]), str(each["package"])
        if not str(each["reason"]).strip():
            said.append(f"The exception for {name} gives no reason.")
        if each["review"] < today:
            said.append(f"The exception for {name} was to be reviewed by {each['review']}.")
        matching = [found for found in report.findings if found.package == package and name in found.ids]
        if not matching and each["registry"] in report.asked:
            said.append(f"The exception for {name} in {package} is for nothing that was found. Remove it.")
        excused.update(matching)
    holes = [f"{found} is a known hole." for found in report.findings if found not in excused]
    return [*sorted(set(holes)), *said]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="fail if somebody cannot be asked")
    parser.add_argument("--osv-url", metavar="URL", help="ask this OSV service about Python packages")
    parser.add_argument("--exceptions", type=Path, default=ROOT / "docs" / "audit-exceptions.toml")
    parser.add_argument(
        "--requirements", type=Path, action="append", metavar="FILE", help="instead of the locks"
    )
    parser.add_argument("--web", type=Path, default=WEB, metavar="FOLDER", help="instead of the page's lock")
    options = parser.parse_args()
    locks = options.requirements or [ROOT / "requirements" / f"{name}.txt" for name in LOCKS]
    exceptions = tomllib.loads(options.exceptions.read_text("utf-8")).get("exception", [])
    report = Report()
    ask_python(report, locks, options.osv_url)
    ask_npm(report, options.web)
    said = objections(report, exceptions, datetime.datetime.now(datetime.UTC).date())
    for line in said:
        sys.stdout.write(f"AUDIT: {line}\n")
    for line in report.unasked:
        sys.stdout.write(f"AUDIT: COULD NOT BE ASKED. {line} Nothing is known, good or bad.\n")
    if report.asked and not said:
        sys.stdout.write(
            f"Audit: no hole is known in what is locked from {', '.join(sorted(report.asked))}.\n"
        )
    if said:
        return 1
    return 3 if options.strict and report.unasked else 0


if __name__ == "__main__":
    sys.exit(main())
