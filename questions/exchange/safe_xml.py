"""XML from strangers: no entities of their own, nothing from outside, no more than is sensible."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from quizproof.questions.exchange.exchanged import ExchangeError
from quizproof.questions.problems import one_line

MAX_BYTES = 32 * 2**20
MAX_DEPTH = 60
MAX_ELEMENTS = 1_000_000
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Bounded(TreeBuilder):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._depth, self._count = name, 0, 0

    def start(self, tag: Any, attrs: Any) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH:
            raise ExchangeError(f"{self._name}: nested too deeply; keep to {MAX_DEPTH} levels")
        if self._count > MAX_ELEMENTS:
            raise ExchangeError(f"{self._name}: more than {MAX_ELEMENTS} elements; split the quiz")
        # namespaces differ between the versions of these forms, their names do not
        return super().start(_bare(tag), {_bare(key): value for key, value in attrs.items()})

    def end(self, tag: Any) -> Element:
        self._depth -= 1
        return super().end(_bare(tag))


def parse_xml(data: bytes, name: str) -> Element:
    """The root of the document, its tags without namespaces. Raises ExchangeError."""
    if len(data) > MAX_BYTES:
        raise ExchangeError(f"{name}: larger than {MAX_BYTES} bytes; split the quiz")
    parser = DefusedXMLParser(target=_Bounded(name))
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        what = one_line(str(error)).partition(": line")[0]
        raise ExchangeError(
            f"{name}:{line}:{column + 1}: not XML: {what}; export it again"
        ) from None
    except DefusedXmlException as error:
        raise ExchangeError(
            f"{name}: declares entities ({type(error).__name__}), which a quiz has no need of; "
            "export it again without them"
        ) from None
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise ExchangeError(f"{name}: not XML: {one_line(str(error))}; save it as UTF-8") from None
    return root


def writable(text: str) -> str:
    """``text`` without the characters that XML has no way to write."""
    return _FORBIDDEN.sub("", text)


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]
