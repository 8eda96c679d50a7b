"""Where things are in the station's folder.

```
peluit-station/          0700
  lock                   held while a command works
  office.key             root key, behind its own passphrase
  reviewers/<id>.key     one reviewer's keys, behind that reviewer's passphrase
  custodians/<id>.key    an identity custodian's key, behind that custodian's passphrase
  directories/<serial>   signed key directories (public)
  rosters/<serial>       signed X25519 keys of the reviewers (public)
  parcels/<id>/<serial>  new keys for a reviewer who was not there when they were made (parcels.py)
  vault.db               SQLCipher
  evidence/<hex>         evidence as it came, still sealed; named by its SHA-256
  staging/<bundle id>/   parts of bundles on their way in (staging.py)
  next.part/, next/      a change of keys on its way (changing.py)
```
"""

from dataclasses import dataclass
from pathlib import Path

from crypto.custodians import CustodianId
from crypto.fields import ReviewerId
from workstation.errors import NoStationError, NotPrivateError


@dataclass(frozen=True)
class Layout:
    """The paths of one station."""

    folder: Path

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def office_key(self) -> Path:
        return self.folder / "office.key"

    @property
    def reviewers(self) -> Path:
        return self.folder / "reviewers"

    @property
    def custodians(self) -> Path:
        return self.folder / "custodians"

    @property
    def directories(self) -> Path:
        return self.folder / "directories"

    @property
    def rosters(self) -> Path:
        return self.folder / "rosters"

    @property
    def vault(self) -> Path:
        return self.folder / "vault.db"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    @property
    def staging(self) -> Path:
        return self.folder / "staging"

    @property
    def parcels(self) -> Path:
        return self.folder / "parcels"

    @property
    def preparing(self) -> Path:
        return self.folder / "next.part"

    @property
    def next(self) -> Path:
        return self.folder / "next"

    def reviewer_key(self, reviewer: ReviewerId) -> Path:
        return self.reviewers / f"{reviewer}.key"

    def custodian_key(self, custodian: CustodianId) -> Path:
        return self.custodians / f"{custodian}.key"

    def parcels_of(self, reviewer: ReviewerId) -> Path:
        return self.parcels / reviewer

    def folders(self) -> tuple[Path, ...]:
        public = (self.directories, self.rosters)
        return (self.reviewers, self.custodians, *public, self.parcels, self.evidence, self.staging)

    def reviewer_ids(self) -> list[ReviewerId]:
        """The reviewers who have a key file here, in order."""
        return sorted(ReviewerId(path.stem) for path in self.reviewers.glob("*.key"))

    def custodian_ids(self) -> list[CustodianId]:
        """The identity custodians who have a key file here, present and former, in order."""
        return sorted(CustodianId(path.stem) for path in self.custodians.glob("*.key"))

    def latest(self, folder: Path) -> bytes:
        """The newest of the numbered files in a folder."""
        numbers = [int(path.name) for path in folder.iterdir() if path.name.isdigit()]
        if not numbers:
            raise NoStationError(folder=self.folder)
        return (folder / str(max(numbers))).read_bytes()

    def check(self) -> None:
        """NoStationError; NotPrivateError if others could look inside."""
        if not self.vault.is_file():
            raise NoStationError(folder=self.folder)
        keys = (self.office_key, *self.reviewers.glob("*.key"), *self.custodians.glob("*.key"))
        for path in (self.folder, self.vault, *keys):
            if path.stat().st_mode & 0o077:
                raise NotPrivateError(path=path)
