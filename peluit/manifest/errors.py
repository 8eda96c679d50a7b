"""What can go wrong with manifests; each docstring is the sentence that the person reads."""

from peluit.errors import CommandError


class NoManifestError(CommandError):
    """{0} is no manifest of a Peluit site. Make one: peluit manifest build"""


class NoEnrollmentError(CommandError):
    """{0} does not say who signs. Make it with the signers' public keys: peluit manifest enroll"""


class NoSignerKeyError(CommandError):
    """{0} is no key of a signer, or the passphrase is another one. Nothing was signed."""


class NoPublicKeyError(CommandError):
    """{0} is no public key of a signer; it has the 43 letters that peluit manifest key prints."""


class BadThresholdError(CommandError):
    """Of {1} signers, {0} cannot be needed. Name each signer once, and a number from 1 to {1}."""


class WeakKeyPassphraseError(CommandError):
    """That passphrase is too easy to guess ({0}). Take five or more words drawn by lot. No key was made."""


class NoSiteFileError(CommandError):
    """{0} is no site file. Take /site.json of the site, or name the server's data: --folder DATA"""


class StrangeLinkError(CommandError):
    """A page loads {0}, which this site does not serve. Nothing was written: build the page anew."""


class UnfitManifestError(CommandError):
    """Not published: {0}"""


class NotASiteError(CommandError):
    """{0} is no address of a site. Write http://name.onion/ or the like."""
