import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.errors import InvalidInput
from qms.domain.files import FileKind, check_file, display_name
from tests.domain.examples import few

MEGABYTE = 1024 * 1024
INSIDE = {
    FileKind.DOCX: ("[Content_Types].xml", "_rels/.rels", "word/document2.xml"),
    FileKind.XLSX: ("[Content_Types].xml", "xl/workbook.xml"),
    FileKind.ODT: ("mimetype", "content.xml"),
    FileKind.ODS: ("mimetype", "content.xml"),
}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Protokół z audytu nr 3.pdf", "Protokół z audytu nr 3.pdf"),
        ("фыва", "фыва"),
        ("nul", "nul"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\raport.pdf", "raport.pdf"),
        ("x.pdf ", "x.pdf"),
        ("x.pdf..", "x.pdf"),
        ('x".pdf', 'x".pdf'),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ("Protoko\u0301ł.pdf", "Protokół.pdf"),
        ("ra\u200bport.pdf", "raport.pdf"),
        ("ż" * 255 + ".pdf", "ż" * 98 + ".pdf"),
        ("a" * 255, "a" * 200),
        ("a." + "b" * 255, "a." + "b" * 198),
        ("ab." + "c" * 199, "ab." + "c" * 197),
    ],
)
def test_a_file_is_shown_under_its_own_name_without_folders(name: str, shown: str) -> None:
    assert display_name(name) == shown


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "no name"),
        ("  ", "no name"),
        ("..", "no name"),
        ("folder/", "no name"),
        (".htaccess", "no name"),
        ("\u200b.htaccess", "no name"),
        ("faktura\u202efdp.exe", "cannot be shown"),
        ("a\x00.pdf", "cannot be shown"),
        ("a\r\n.pdf", "cannot be shown"),
        ("\ud800.pdf", "cannot be shown"),
        ("a" * 100_000, "Shorten"),
    ],
)
def test_a_name_that_deceives_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        display_name(name)


@few
@given(st.text(max_size=300), st.sampled_from(["", ".pdf", ".jpeg"]))
def test_a_shown_name_is_short_and_shown_the_same_again(stem: str, suffix: str) -> None:
    try:
        shown = display_name(stem + suffix)
    except InvalidInput:
        return
    assert len(shown.encode()) <= 200
    assert not {"/", "\\"} & set(shown)


@pytest.mark.parametrize(
    ("name", "detected", "kind"),
    [
        ("a.pdf", "pdf", FileKind.PDF),
        ("A.PDF", "pdf", FileKind.PDF),
        ("a.jpg", "jpg", FileKind.JPEG),
        ("a.jpeg", "jpg", FileKind.JPEG),
        ("a.jpg", "jpeg", FileKind.JPEG),
        ("a.png", "png", FileKind.PNG),
        ("a.docx", "docx", FileKind.DOCX),
        ("a.docx", "zip", FileKind.DOCX),
        ("a.xlsx", "xlsx", FileKind.XLSX),
        ("a.odt", "odt", FileKind.ODT),
        ("a.ods", "zip", FileKind.ODS),
        ("a.txt", None, FileKind.TXT),
        ("a.csv", None, FileKind.CSV),
    ],
)
def test_a_file_whose_name_and_content_agree_is_taken(name: str, detected: str | None, kind: FileKind) -> None:
    assert check_file(name, 100, b"content", detected=detected, entries=INSIDE.get(kind, ())) is kind


@pytest.mark.parametrize(
    ("name", "detected", "sentence"),
    [
        ("a.exe", "exe", "Choose one of: pdf"),
        ("a.svg", None, "Choose one of"),
        ("a.docm", "zip", "Choose one of"),
        ("a.pdf.exe", "exe", "Choose one of"),
        ("a", "pdf", "Choose one of"),
        ("a.pdf", "exe", "Save it again as PDF"),
        ("a.pdf", None, "Save it again as PDF"),
        ("a.png", "jpg", "Save it again as PNG"),
        ("a.pdf", "zip", "Save it again as PDF"),
        ("a.docx", "xlsx", "Save it again as DOCX"),
        ("a.txt", "pdf", "Save it again as TXT"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, detected: str | None, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        check_file(name, 100, b"content", detected=detected)
    assert refusal.value.field == "files"


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("a.docx", ()),
        ("a.docx", ("letter.txt",)),
        ("a.docx", ("word/document.xml",)),
        ("a.docx", ("[Content_Types].xml",)),
        ("a.docx", INSIDE[FileKind.XLSX]),
        ("a.docx", INSIDE[FileKind.ODT]),
        ("a.xlsx", INSIDE[FileKind.DOCX]),
        ("a.odt", INSIDE[FileKind.DOCX]),
        ("a.ods", ("mimetype",)),
    ],
)
def test_an_archive_without_a_document_inside_is_refused(name: str, entries: tuple[str, ...]) -> None:
    for detected in ("zip", name[2:]):
        with pytest.raises(InvalidInput, match="Save it again as"):
            check_file(name, 100, b"content", detected=detected, entries=entries)


@pytest.mark.parametrize(("head", "is_text"), [(b"a;b\r\n1;2\t\xc5\x82", True), (b"MZ\x00\x01", False)])
def test_a_text_file_holds_text(*, head: bytes, is_text: bool) -> None:
    if is_text:
        check_file("a.csv", 100, head, detected=None)
    else:
        with pytest.raises(InvalidInput):
            check_file("a.csv", 100, head, detected=None)


def test_a_file_is_neither_empty_nor_too_large() -> None:
    check_file("a.pdf", 10 * MEGABYTE, b"%PDF", detected="pdf")
    with pytest.raises(InvalidInput, match="at most 10 MB"):
        check_file("a.pdf", 10 * MEGABYTE + 1, b"%PDF", detected="pdf")
    with pytest.raises(InvalidInput, match="at most 1 MB"):
        check_file("a.pdf", 2 * MEGABYTE, b"%PDF", detected="pdf", limit=MEGABYTE)
    for size, head in ((0, b"%PDF"), (100, b"")):
        with pytest.raises(InvalidInput, match="empty"):
            check_file("a.pdf", size, head, detected="pdf")
