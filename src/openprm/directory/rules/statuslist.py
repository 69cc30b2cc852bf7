"""The W3C Bitstring Status List: one bit for each credential, compressed. Bit 0 is the left-most bit of the first byte."""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable

SIZE = 131_072
"""The smallest list that the standard allows: so long that a bit's place tells nothing about its owner."""
LARGEST_BYTES = 4 * 1024 * 1024


class NotAList(ValueError):
    """The text is no encoded list."""


def encode(indexes: Iterable[int], size: int = SIZE) -> str:
    """The list in which exactly these bits are set: multibase base64url of the gzipped bytes, the same text each time."""
    bits = bytearray(size // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bits. Raises NotAList, also for what would unpack to more than a list can be."""
    if not text.startswith("u"):
        raise NotAList("the list is not multibase base64url")
    try:
        packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, LARGEST_BYTES)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise NotAList("the list cannot be unpacked") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise NotAList("the list is cut off or too large")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Raises NotAList for a place that the list does not have."""
    if not 0 <= index < len(bits) * 8:
        raise NotAList("the list is too short for this credential")
    return bool(bits[index // 8] & (0x80 >> index % 8))
