"""What installing put on this host, and what stood in its place: for removing, and for the doctor."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from peluit.host.steps import RECORD


@dataclass
class Record:
    """`files`: each path's SHA-256 in hex; `former`: the text of those that were there before."""

    files: dict[str, str] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)
    ssh: int | None = None

    def write(self, root: Path, path: str, text: str) -> bool:
        """Writes a file below `root` and notes it; whether that changed anything."""
        place = below(root, path)
        present = place.read_text("utf-8") if place.is_file() else None
        if present is not None and path not in self.files and present != text:
            self.former[path] = present
        self.files[path] = hashlib.sha256(text.encode()).hexdigest()
        if present == text:
            return False
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        place.chmod(0o644)
        return True

    def changed(self, root: Path) -> list[str]:
        """The files that are not as they were written, or gone."""
        return [
            path
            for path, digest in self.files.items()
            if not (place := below(root, path)).is_file()
            or hashlib.sha256(place.read_bytes()).hexdigest() != digest
        ]

    def save(self, root: Path) -> None:
        place = below(root, str(RECORD))
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        text = {"files": self.files, "former": self.former, "ssh": self.ssh}
        place.write_text(json.dumps(text, indent=1, sort_keys=True), "utf-8")
        place.chmod(0o644)


def read(root: Path) -> Record | None:
    """What was noted; None if nothing was."""
    try:
        found = json.loads(below(root, str(RECORD)).read_text("utf-8"))
        return Record(found["files"], found["former"], found["ssh"])
    except FileNotFoundError:
        return None


def below(root: Path, path: str) -> Path:
    """An absolute path, seen from `root`."""
    return root / path.lstrip("/")
