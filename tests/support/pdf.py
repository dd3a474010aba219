"""What is in a PDF: its words as a reader finds them, its tags as a screen reader does, and what no tag holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import ContentStream

_SHOWS_TEXT: Final = {b"Tj", b"TJ", b"'", b'"'}


def words_of_pdf(content: bytes) -> str:
    """The words of a PDF, as a reader of it finds them."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


@dataclass(frozen=True)
class Tag:
    """A tag of the structure; `scope` is that of a heading of a table."""

    kind: str
    children: tuple["Tag", ...]
    scope: str = ""
    has_alternative: bool = False

    def under(self, *kinds: str) -> Iterator["Tag"]:
        """The tags of these kinds in the order in which they are read, itself included."""
        if self.kind in kinds:
            yield self
        for child in self.children:
            yield from child.under(*kinds)


def structure_of(content: bytes) -> Tag:
    """The structure of a PDF, from its root."""
    root: Any = PdfReader(BytesIO(content)).trailer["/Root"]
    return _tag(root["/StructTreeRoot"])


def _tag(found: Any) -> Tag:
    inside = found.get("/K", [])
    inside = [each.get_object() for each in (inside if isinstance(inside, list) else [inside])]
    children = tuple(_tag(each) for each in inside if isinstance(each, dict) and "/S" in each)
    return Tag(str(found.get("/S", "")), children, _scope(found.get("/A")), bool(found.get("/Alt")))


def _scope(attributes: Any) -> str:
    listed = attributes if isinstance(attributes, list) else [attributes]
    owned = (each.get_object() for each in listed if each is not None)
    return next((str(each["/Scope"]) for each in owned if isinstance(each, dict) and "/Scope" in each), "")


def untagged_texts(content: bytes) -> list[str]:
    """Texts that are neither a part of the structure nor marked as decoration, such as the head of a page."""
    reader, found = PdfReader(BytesIO(content)), []
    for page in reader.pages:
        marked: list[bool] = []
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"BDC", b"BMC"}:
                is_known = operands[0] == "/Artifact" or "/MCID" in (operands[1] if len(operands) > 1 else ())
                marked.append(is_known)
            elif operator == b"EMC":
                marked.pop()
            elif operator in _SHOWS_TEXT and not any(marked):
                found.append(str(operands))
    return found


def decorations(content: bytes) -> int:
    """How many parts of its pages are marked as decoration, which is not read aloud."""
    reader = PdfReader(BytesIO(content))
    streams = (ContentStream(page.get_contents(), reader) for page in reader.pages)
    return sum(
        operator in {b"BDC", b"BMC"} and operands[0] == "/Artifact"
        for each in streams
        for operands, operator in each.operations
    )
