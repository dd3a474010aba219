"""Hostile files through the door of evidence: names and contents, what becomes of them and how they are given back."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sqlalchemy import select
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.findings.models import Evidence
from tests.support import crowd as crowds
from tests.support.application import NOON, Store
from tests.support.cases import PDF
from tests.support.crowd import Crowd
from tests.support.forms import complaint, send
from tests.support.nasty import cases, value

BOCHNIA = "/u/sp-bochnia"


@pytest.fixture(scope="module")
def crowd(sqlite_store: Store) -> Iterator[Crowd]:
    app = sqlite_store.fresh()
    with clock.at(NOON):
        with app.app_context():
            found = crowds.gather(app)
        yield found


def case_page(crowd: Crowd) -> str:
    return f"{BOCHNIA}/ustalenia/{crowd.keys['sp-bochnia']['accepted']}"


def picture(*, place: bool = False) -> bytes:
    """A small photo; with `place`, one that tells where it was taken."""
    out, image = BytesIO(), Image.new("RGB", (8, 4), "green")
    exif = image.getexif()
    if place:
        exif[0x0112] = 6  # the camera was held upright
        exif.get_ifd(0x8825).update({1: "N", 2: (49.0, 58.0, 0.0)})
    image.save(out, format="JPEG", exif=exif)
    return out.getvalue()


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, format="PNG")
    return out.getvalue()


def archive(*entries: tuple[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in entries:
            packed.writestr(name, text)
    return out.getvalue()


MACRO = ("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<x/>"), ("word/vbaProject.bin", "x")
LOCKED_SHEET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024)
CONTENTS = {
    "file_content-001": ("a.pdf", b"", "refused"),
    "file_content-005": ("a.pdf", b"<!doctype html><script>alert(1)</script>", "refused"),
    "file_content-007": ("a.pdf", PDF + b"<script>alert(1)</script>" + archive(("a", "b")), "kept"),
    "file_content-009": (
        "a.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1'/></svg>",
        "refused",
    ),
    "file_content-011": ("a.jpg", picture(place=True), "kept"),
    "file_content-013": ("a.docm", archive(*MACRO), "refused"),
    "file_content-015": ("a.zip", archive(("link", "/etc/passwd")), "refused"),
    "file_content-017": ("a.xlsx", LOCKED_SHEET, "refused"),
    "not in the list, a document": ("a.docx", archive(*MACRO[:2]), "kept"),
    "not in the list, a text called a document": ("a.docx", b"Ustalenia z auditu", "refused"),
    "not in the list, an archive called a document": ("a.docx", archive(("a.txt", "x")), "refused"),
    "not in the list, an archive called a sheet": ("a.xlsx", archive(("a.txt", "x")), "refused"),
    "not in the list, a document called a sheet": ("a.xlsx", archive(*MACRO[:2]), "refused"),
    "not in the list, the beginning of an archive": ("a.docx", b"PK\x03\x04" + bytes(99), "refused"),
    "not in the list, an archive cut off": ("a.docx", archive(*MACRO[:2])[:-30], "refused"),
    "not in the list, text with a NUL": ("a.txt", b"a\x00b", "refused"),
    "not in the list, a program": ("a.pdf", b"MZ" + bytes(200), "refused"),
    "not in the list, a broken picture": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "refused"),
    "not in the list, a picture with a broken head": ("a.png", png()[:8] + b"\0\0\0\1" + png()[12:], "refused"),
    "not in the list, a picture cut off": ("a.jpg", picture(place=True)[:-20], "refused"),
}


def attach(crowd: Crowd, name: str, content: bytes) -> tuple[TestResponse, list[str]]:
    """Add a file to a case; the answer, and the names of the files that are new."""
    with crowd.app.app_context():
        before = file_names()
    path = f"{case_page(crowd)}/pliki"
    answer = send(crowd.browser("doer"), path, files=[(BytesIO(content), name.replace('"', '\\"'))])
    with crowd.app.app_context():
        return answer, file_names()[len(before) :]


def file_names() -> list[str]:
    with scoped(EVERY_OFFICE):
        return [evidence.file.name for evidence in db.session.scalars(select(Evidence).order_by(Evidence.id))]


def last_file(crowd: Crowd) -> TestResponse:
    with crowd.app.app_context(), scoped(EVERY_OFFICE):
        key = db.session.scalars(select(Evidence.key).order_by(Evidence.id.desc())).first()
    answer = crowd.browser("doer").get(f"{BOCHNIA}/pliki/{key}")
    answer.get_data()
    answer.close()
    return answer


@pytest.mark.parametrize("case", CONTENTS)
def test_a_content_of_a_file(crowd: Crowd, case: str) -> None:
    name, content, outcome = CONTENTS[case]

    answer, added = attach(crowd, name, content)

    if outcome == "refused":
        assert (answer.status_code, added) == (200, [])
        assert complaint(answer, "files")
        return
    assert (answer.status_code, added) == (302, [name])
    sent = last_file(crowd)
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert (sent.mimetype, sent.headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert b"GPS" not in sent.data
    if name.endswith("jpg"):
        with Image.open(BytesIO(sent.data)) as kept:
            assert dict(kept.getexif()) == {}
            assert kept.size == (4, 8), "a photo taken upright has to stand upright"


FILE_NAMES = {
    "file_name-001": "passwd.pdf",
    "file_name-003": "Protokół z audytu nr 3.pdf",
    "file_name-005": "фыва.pdf",
    "file_name-007": "nul.pdf",
    "file_name-009": None,
    "file_name-011": "x.pdf",
    "file_name-013": None,
    "file_name-015": 'x".pdf',
    "file_name-017": "ż" * 98 + ".pdf",
    "file_name-019": "<img src=x onerror=alert(1)>.png",
    "file_name-021": None,
}


@pytest.mark.parametrize("case", cases("file_name"))
def test_a_name_of_a_file(crowd: Crowd, case: dict[str, Any]) -> None:
    expected, typed = FILE_NAMES[case["id"]], value(case)
    is_whole = not expected or typed.strip().endswith((".pdf", ".png"))
    picture_or_pdf = png() if typed.endswith("png") else PDF

    answer, added = attach(crowd, typed if is_whole else f"{typed}.pdf", picture_or_pdf)

    if expected is None:
        assert (answer.status_code, added) == (200, [])
        assert complaint(answer, "files")
        return
    assert (answer.status_code, added) == (302, [expected])
    page = BeautifulSoup(crowd.browser("proxy").get(case_page(crowd)).data, "html.parser")
    assert expected in page.get_text()
    assert page.select("[onerror]") == []
    disposition = last_file(crowd).headers["Content-Disposition"]
    assert parse_options_header(disposition)[1]["filename"] == expected
