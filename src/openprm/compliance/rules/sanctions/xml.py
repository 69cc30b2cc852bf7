"""XML of sanctions lists, read element by element: no entities, no external files, each record forgotten once it is read."""

import io
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from openprm.compliance.rules.sanctions.entries import BadList

MAX_DEPTH = 12


def is_xml(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def local(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def records(content: bytes, names: set[str]) -> Iterator[tuple[Element, Element]]:
    """(root, record) of every record with one of these names. Raises BadList."""
    root, depth = None, 0
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > MAX_DEPTH:
                raise BadList("too_deep", 0)
            if root is None:
                root = element
            if event == "end" and local(element) in names:
                yield root, element
                element.clear()
    except DefusedXmlException:
        raise BadList("unsafe_xml", 0) from None
    except ParseError as error:
        raise BadList("not_xml", error.position[0]) from None


def children(element: Element, name: str) -> list[Element]:
    return [one for one in element if local(one) == name]


def text(element: Element, name: str) -> str:
    """The text of the first child of this name."""
    return next(((one.text or "").strip() for one in element if local(one) == name), "")


def texts(element: Element, path: str) -> list[str]:
    """The texts at a path of two names: "NATIONALITY/VALUE"."""
    first, second = path.split("/")
    return [(one.text or "").strip() for outer in children(element, first) for one in children(outer, second)]


def attributes(element: Element, child: str, *names: str) -> list[Any]:
    return [one.get(name) for one in children(element, child) for name in names if one.get(name)]
