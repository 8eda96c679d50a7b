"""The one home of the protocol's sizes and labels; `crypto.browser_constants` prints the browser's copy."""

from typing import Final

SUITE: Final = "peluit/1"
VERSION: Final = 1
MAGIC: Final = b"peluit"
ITEM_TYPE: Final = 0x69
BOARD_TYPE: Final = 0x62

# time
EPOCH_SECONDS: Final = 604_800
SLICE_GRACE_DAYS: Final = 1
MAX_EPOCHS: Final = 60

# keys
X25519_SIZE: Final = 32
ML_KEM_PUBLIC_SIZE: Final = 1_184
KEM_PUBLIC_SIZE: Final = ML_KEM_PUBLIC_SIZE + X25519_SIZE
KEM_SEED_SIZE: Final = 32
KEM_ENC_SIZE: Final = 1_120
TAG_SIZE: Final = 16
HPKE_OVERHEAD: Final = KEM_ENC_SIZE + TAG_SIZE
SIGNATURE_SIZE: Final = 64
VERIFY_KEY_SIZE: Final = 32
INSTANCE_SIZE: Final = 16

# codename; 8 MiB and one pass take about 2 s in Firefox without JIT, 19 MiB and two 14 s
CODENAME_WORDS: Final = 8
STEM_LENGTH: Final = 4
WORDLIST_SIZE: Final = 2_048
ARGON2_MEMORY_KIB: Final = 8_192
ARGON2_PASSES: Final = 1

# sealed item
ITEM_HEADER_SIZE: Final = 13
ITEM_KEY_SIZE: Final = 32
STANZA_SIZE: Final = HPKE_OVERHEAD + ITEM_KEY_SIZE
MAX_STANZAS: Final = 32
COMMITMENT_SIZE: Final = 32
PAYLOAD_SIZES: Final = (8_192, 32_768, 131_072)
MAX_ITEM_SIZE: Final = (
    ITEM_HEADER_SIZE + MAX_STANZAS * STANZA_SIZE + COMMITMENT_SIZE + PAYLOAD_SIZES[-1] + TAG_SIZE
)
ID_SIZE: Final = 16

# sealed identities; with three custodians a message with one still fits the smallest payload
MOST_CUSTODIANS: Final = 5
FEWEST_CUSTODIANS: Final = 2
MOST_NEEDED: Final = 3
BOX_SIZE: Final = ITEM_KEY_SIZE + TAG_SIZE
IDENTITY_SIZE: Final = 512

# evidence; WebCrypto and AESGCM are near their best at 1 MiB (docs/protocol.md section 7)
CHUNK_SIZE: Final = 1_048_576
MIN_BLOB_SIZE: Final = 65_536
MAX_BLOB_SIZE: Final = 2**40
# A sixteenth of a sealed chunk: a circuit of 30 KB/s that breaks every 20 s still gets some of them across.
PIECE_SIZE: Final = (CHUNK_SIZE + TAG_SIZE) // 16
MAX_PIECES: Final = 16

# replies and the board
SLOT_SIZE: Final = 4_096
REPLY_SIZE: Final = SLOT_SIZE - HPKE_OVERHEAD
MAX_REPLY_PARTS: Final = 32
HINT_SIZE: Final = 32
PAGE_SLOTS: Final = 16
BOARD_HEADER_SIZE: Final = 28
# Together with it, a slot still holds a thousand characters of reply.
MAX_GRANT_SIZE: Final = 1_024

DELETION_NUMBERS: Final = 4_096
HASH_SIZE: Final = 32

# documents
MAX_DEPTH: Final = 16
MAX_U32: Final = 2**32 - 1
MAX_LIST: Final = 32
MAX_OFFICES: Final = 1_024
MAX_ANSWERS: Final = 16
MAX_TITLE_LENGTH: Final = 200
MAX_DIRECTORY_SIZE: Final = 4 * 2**20
MAX_SLICE_SIZE: Final = 256 * 2**10
MAX_MANIFEST_SIZE: Final = 64 * 2**20
MAX_NAME_LENGTH: Final = 255
MAX_TYPE_LENGTH: Final = 127
MAX_STARS: Final = 5

# forms: what a reporter is asked (docs/protocol.md section 4); a form has up to MAX_ANSWERS fields
MAX_CHOICES: Final = 32
MAX_ROWS: Final = 12
MAX_NOTES_LENGTH: Final = 2_000
MAX_REFUSED: Final = 64
MAX_ENDING_LENGTH: Final = 16

# proof of authorship; a statement of control characters alone, each escaped, still fits
AUTHORSHIP_PREFIX: Final = "peluit-authorship-1:"
MAX_STATEMENT_LENGTH: Final = 2_000
MAX_AUTHORSHIP_SIZE: Final = 16_384

# sealed files: magic, length of the head, head, entries (docs/protocol.md section 9.2)
SEALED_MAGIC: Final = b"peluit-sealed/1\n"
SEALED_START: Final = len(SEALED_MAGIC) + 4
MAX_SEALED_HEAD: Final = 256 * 2**10
MAX_SEALED_ENTRIES: Final = 513

KINDS: Final = ("aduan", "aspirasi", "permohonan-informasi")
FAMILIES: Final = ("integrity", "none", "service")
NEEDS: Final = ("either", "optional", "required")
EVIDENCE: Final = ("advised", "none", "required")
LANGUAGES: Final = ("en", "id")
STATUSES: Final = (
    "received",
    "incomplete",
    "reviewing",
    "forwarded",
    "examining",
    "on-hold",
    "answered",
    "closed-substantiated",
    "closed-partly",
    "closed-unsubstantiated",
    "closed-no-action",
    "closed-forwarded",
    "closed-answered",
)
