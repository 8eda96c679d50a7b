"""Why a bundle from the station is refused. Each docstring is the sentence that the reviewer reads."""


class JournalistError(Exception):
    """Something went wrong in the reviewers' app."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class BundleRefusedError(JournalistError):
    """The bundle is refused."""


class NotABundleError(BundleRefusedError):
    """This file is not a bundle. Choose the file that the reading station wrote for this server."""


class InboundBundleError(BundleRefusedError):
    """This bundle goes to the reading station, not back to the server. Choose the one the station wrote."""


class OtherVersionError(BundleRefusedError):
    """The bundle was written by another version of Peluit than this server's."""


class DamagedBundleError(BundleRefusedError):
    """The bundle is damaged: it was changed on the way. Copy it from the station again."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part
        """The name of the damaged part: the manifest, the checksums, or a path that the manifest lists."""


class CutShortBundleError(DamagedBundleError):
    """The bundle ends too early: it was not copied whole. Let the station write it again, with --again."""


class ForeignBundleError(BundleRefusedError):
    """The bundle belongs to another office or another server."""


class TrainingBundleError(BundleRefusedError):
    """The bundle comes from a station for training. No server is set up with it."""


class OlderBundleError(BundleRefusedError):
    """The bundle is older than the last one that was imported. Let the station write a new one."""


class StrangerError(BundleRefusedError):
    """The bundle is not signed by a reviewer of this office."""


class ForeignDirectoryError(BundleRefusedError):
    """The bundle carries keys that were not signed with this office's root key."""


class OlderDirectoryError(BundleRefusedError):
    """The bundle carries keys that are older than the published ones."""


class BrokenDirectoryError(BundleRefusedError):
    """The keys in the bundle do not fit together."""


class BadStatisticsError(BundleRefusedError):
    """The statistics in the bundle are not signed by a reviewer of this office, or break the rules."""


class NoDirectoryInBundleError(BundleRefusedError):
    """The first bundle of an office must carry its keys, and this one does not."""


class FingerprintError(BundleRefusedError):
    """The fingerprint of the root key in the bundle is not the one that was expected."""


class ManyPackagesError(BundleRefusedError):
    """The bundle brings more for other offices than this office may send on one day. Import it tomorrow."""


class NoRoomForPackagesError(BundleRefusedError):
    """The server has no room now for the files that this bundle brings for other offices. Import it later."""
