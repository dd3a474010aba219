"""Word documents as people give them."""

from io import BytesIO

from docx import Document

from qms.core import files
from qms.offices.models import Office
from qms.people.models import Person
from qms.reports import service, slots
from tests.support.cases import acting

LETTERS = "ĄĆĘŁŃÓŚŹŻ ąćęłńóśźż"


def run_together(text: str) -> str:
    """Without the spaces, which fall elsewhere where a line ends."""
    return "".join(text.split())


def document(*lines: str, header: str = "") -> bytes:
    """A Word document of these paragraphs."""
    made, kept = Document(), BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.sections[0].header.paragraphs[0].text = header
    made.save(kept)
    return kept.getvalue()


def words_of(content: bytes) -> str:
    """All texts of a Word document: its header, its paragraphs and its tables."""
    found = Document(BytesIO(content))
    paragraphs = [*found.sections[0].header.paragraphs, *found.paragraphs]
    cells = [cell for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join(each.text for each in (*paragraphs, *cells))


def give_template(office: Office, paper: str, by: Person, *lines: str) -> None:
    """Make such a document the office's own template of a paper; whoever calls has opened the office and commits."""
    slot = slots.slot_of(office, paper)
    assert slot is not None
    stored = files.store(BytesIO(document(*lines)), f"{paper}.docx", office_id=office.id)
    service.keep_template(slot, stored, by=acting(by))
