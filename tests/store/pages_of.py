"""Every page of a SQLCipher file in clear, used or not: what somebody with the key and the disk sees."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

PAGE = 4_096
RESERVED = 80  # 16 bytes IV, 64 bytes HMAC-SHA-512
SALT = 16


def clear_bytes(path: Path, key: bytes) -> bytes:
    """All pages of the database file and of its log, decrypted."""
    return b"".join(clear_pages(path, key) + _log_pages(path, key))


def clear_pages(path: Path, key: bytes) -> list[bytes]:
    """The pages of the database file in their order, decrypted; the first without its 16 bytes of salt."""
    data = path.read_bytes()
    return [_decrypt(data[at : at + PAGE], key, SALT if at == 0 else 0) for at in range(0, len(data), PAGE)]


def _log_pages(path: Path, key: bytes) -> list[bytes]:
    pages = []
    log = path.with_name(f"{path.name}-wal")
    frames = log.read_bytes() if log.exists() else b""
    for at in range(32, len(frames), 24 + PAGE):
        number = int.from_bytes(frames[at : at + 4])
        page = frames[at + 24 : at + 24 + PAGE]
        pages.append(_decrypt(page, key, SALT if number == 1 else 0))
    return pages


def _decrypt(page: bytes, key: bytes, skip: int) -> bytes:
    iv = page[PAGE - RESERVED : PAGE - RESERVED + 16]
    decryptor = Cipher(AES(key), CBC(iv)).decryptor()
    return decryptor.update(page[skip : PAGE - RESERVED]) + decryptor.finalize()
