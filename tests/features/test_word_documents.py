"""Which Word documents are opened at all, and what a template may say: rules of the child that fills them in."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from qms.papers.docx_checks import Refused, check_document
from qms.papers.word_filling import filled
from tests.support.papers import document, words_of

FIELDS = {
    "numer": "A-2026-01",
    "urzad": "Urząd & <Miasto>",
    "puste": "",
    "ustalenia": [{"tresc": "Raz\nDwa"}],
    "nic": [],
}


def test_tags_are_filled_in_wherever_they_stand():
    lines = (
        "{{ numer }}",
        "{%p for w in ustalenia %}",
        "{{ w.tresc }}",
        "{%p endfor %}",
        "{%p if puste %}",
        "Nie.",
        "{%p endif %}",
    )

    words = words_of(filled(document(*lines, header="{{ urzad }}"), FIELDS))

    assert words.splitlines() == ["Urząd & <Miasto>", "A-2026-01", "Raz", "Dwa"]


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("{{ nazwa_urzedu }}", "nazwa_urzedu"),
        ("{% if puste %}{{ nigdy }}{% endif %}", "nigdy"),
        ("{% for w in ustalenia %}{{ w.autor }}{% endfor %}", "autor"),
        ("{% for w in nic %}{{ x }}{% endfor %}", "x"),
        ("{{ range(10) }}", "range"),
        ("{{ numer.__class__ }}", "__class__"),
        ("{{ ustalenia.append }}", "append"),
    ],
)
def test_an_unknown_field_is_named(line, unknown):
    with pytest.raises(Refused) as refused:
        filled(document(line), FIELDS)

    assert (refused.value.code, refused.value.params) == ("unknown", {"name": unknown})


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{{ numer", "wrong_tag_near"),
        ("{{ numer | nieznany }}", "wrong_tag_near"),
        ("{% for w in ustalenia %}", "wrong_tag_near"),
        ("{{ 1 + numer }}", "wrong_tag"),
        ("{{ ustalenia() }}", "wrong_tag"),
        ("{% include 'x' %}", "wrong_tag"),
    ],
)
def test_a_broken_tag_is_refused(line, code):
    with pytest.raises(Refused) as refused:
        filled(document("Początek.", line), FIELDS)

    assert refused.value.code == code


def repacked(change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    """A Word document with parts changed, left out, or added."""
    kept = BytesIO()
    with ZipFile(BytesIO(document("{{ numer }}"))) as whole, ZipFile(kept, "w", ZIP_DEFLATED) as out:
        for entry in whole.infolist():
            content = change(entry.filename, whole.read(entry))
            if content is not None:
                out.writestr(entry.filename, content)
        for name, content in added.items():
            out.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return kept.getvalue()


def as_it_is(_name: str, content: bytes) -> bytes:
    return content


def with_link(kind: str, target: str) -> bytes:
    link = (
        f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
        f' Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"</Relationships>", link) if name == "word/_rels/document.xml.rels" else content

    return repacked(change)


def with_doctype(entity: bytes) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"<w:document", entity + b"<w:document", 1) if name == "word/document.xml" else content

    return repacked(change)


def with_macro_type(name: str, content: bytes) -> bytes:
    plain = b"wordprocessingml.document.main+xml"
    return content.replace(plain, b"ms-word.document.macroEnabled.main+xml") if "Types" in name else content


def without_document(name: str, content: bytes) -> bytes | None:
    return None if name == "word/document.xml" else content


def lying_about_its_size() -> bytes:
    """An entry that unpacks to far more than it says."""
    packed = bytearray(repacked(as_it_is, word__bomb_dot_xml=b"<a>" + b" " * 3_000_000 + b"</a>"))
    true_size = struct.pack("<I", 3_000_007)
    return bytes(packed.replace(true_size, struct.pack("<I", 100)))


LAUGHS = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

HOSTILE = {
    "macros under another name": (lambda: repacked(as_it_is, word__vbaProject_dot_bin=b"x"), "macros"),
    "a document that says it has macros": (lambda: repacked(with_macro_type), "macros"),
    "a control that runs": (lambda: repacked(as_it_is, word__activeX__activeX1_dot_xml=b"<a/>"), "macros"),
    "an embedded file": (lambda: repacked(as_it_is, word__embeddings__a_dot_bin=b"x"), "embedded"),
    "a template from outside": (lambda: with_link("attachedTemplate", "http://example.com/a.dotm"), "outside"),
    "a picture from outside": (lambda: with_link("image", "http://example.com/a.png"), "outside"),
    "a picture from a neighbouring computer": (lambda: with_link("image", "file://///host/a.png"), "outside"),
    "a link that runs": (lambda: with_link("hyperlink", "javascript:alert(1)"), "outside"),
    "entities": (lambda: with_doctype(LAUGHS), "not_word"),
    "an entity that reads a file": (
        lambda: with_doctype(b'<!DOCTYPE w [<!ENTITY a SYSTEM "/etc/hosts">]>'),
        "not_word",
    ),
    "a bomb": (lambda: repacked(as_it_is, word__media__a_dot_png=b"\0" * 60_000_000), "too_large"),
    "many parts, each small": (
        lambda: repacked(as_it_is, **{f"a{number}": b"\0" * 1_000_000 for number in range(55)}),
        "too_large",
    ),
    "a bomb in a part": (lambda: repacked(as_it_is, word__a_dot_xml=b"<a>" + b" " * 9_000_000 + b"</a>"), "too_large"),
    "a bomb that lies": (lying_about_its_size, "not_word"),
    "a thousand entries": (lambda: repacked(as_it_is, **{f"a{number}": b"" for number in range(1000)}), "too_large"),
    "no document inside": (lambda: repacked(without_document), "not_word"),
    "half a file": (lambda: document("{{ numer }}")[:9000], "not_word"),
    "no zip at all": (lambda: b"PK\x03\x04" + zlib.compress(b"nothing"), "not_word"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_not_opened(name):
    make, code = HOSTILE[name]

    with pytest.raises(Refused) as refused:
        check_document(make())

    assert refused.value.code == code


def test_a_link_to_a_page_is_no_harm():
    check_document(with_link("hyperlink", "https://www.powiat.example.com"))
