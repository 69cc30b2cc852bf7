"""The curve: texts become points under a secret, and points of the other side are multiplied by it. OpenMined's PSI does the mathematics."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from openprm.mapping.engine.psi.errors import NoLibrary, Refused

POINT = 33  # P-256, compressed: one byte for the sign of y, 32 for x
TAG = 16
_AT_ONCE = 5_000

Tell = Callable[[int, int], None]


def _quiet(_done: int, _all: int) -> None:
    pass


class Cipher:
    """One secret of one run. H(text)^secret hides a text from everybody who has not the secret, and secrets commute."""

    def __init__(self, secret: bytes):
        library = _library()
        try:
            self._hash, self._raise = library.client.CreateFromKey(secret, True), library.server.CreateFromKey(secret, True)
        except RuntimeError:
            raise Refused("The secret of this run is damaged. Drop the run and begin a new one.") from None
        self._request = library.Request

    @staticmethod
    def new_secret() -> bytes:
        return _library().client.CreateWithNewKey(True).GetPrivateKeyBytes()

    def hide(self, texts: Sequence[str], tell: Tell = _quiet) -> np.ndarray:
        """H(text)^secret for each text: one row of POINT bytes each, in their order."""
        found = []
        for start in range(0, len(texts), _AT_ONCE):
            found.append(_rows(self._hash.CreateRequest(list(texts[start : start + _AT_ONCE])).encrypted_elements))
            tell(min(start + _AT_ONCE, len(texts)), len(texts))
        return np.concatenate(found) if found else no_points()

    def again(self, points: np.ndarray, tell: Tell = _quiet) -> np.ndarray:
        """point^secret for each row, in their order. Raises Refused when a row is no point of the curve."""
        found = []
        for start in range(0, len(points), _AT_ONCE):
            asked = self._request(reveal_intersection=True, encrypted_elements=list(_cut(points[start : start + _AT_ONCE])))
            try:
                found.append(_rows(self._raise.ProcessRequest(asked).encrypted_elements))
            except RuntimeError:
                raise Refused("The message holds something that is no point of the curve. It was made by other software or was changed.") from None
            tell(min(start + _AT_ONCE, len(points)), len(points))
        return np.concatenate(found) if found else no_points()


def no_points() -> np.ndarray:
    return np.empty((0, POINT), np.uint8)


def xs(points: np.ndarray) -> np.ndarray:
    """The x of each point as one value that can be sorted and compared. A point and its opposite have the same x."""
    return np.ascontiguousarray(points[:, 1:]).view(f"S{POINT - 1}").ravel()


def tags(points: np.ndarray) -> np.ndarray:
    """The last bytes of each x: enough to see that two points are equal."""
    return np.ascontiguousarray(points[:, POINT - TAG :])


def values(rows: np.ndarray) -> np.ndarray:
    """Each row of bytes as one value that can be sorted and compared."""
    return np.ascontiguousarray(rows).view(f"S{rows.shape[1]}").ravel()


def _rows(elements: Sequence[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(elements), np.uint8).reshape(-1, POINT)


def _cut(points: np.ndarray) -> Iterator[bytes]:
    raw = points.tobytes()
    return (raw[start : start + POINT] for start in range(0, len(raw), POINT))


def _library() -> Any:
    try:
        import private_set_intersection.python as library
    except ImportError:
        raise NoLibrary("Private set intersection needs the library openmined-psi: pip install 'openprm[psi]' (Linux on x86-64, macOS on arm64).") from None
    return library
