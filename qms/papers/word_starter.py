"""The Word template an office begins with: made from the shape of a paper, with a tag for everything it says.

Works in a child process. `shape` is a paper as `making` writes it down: sections with blocks in order.
"""

from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_FONT: Final = "Calibri"
_MARGIN: Final = 22  # millimetres
_LANGUAGES: Final = {"pl": "pl-PL", "en": "en-GB"}
Shape = dict[str, Any]
File = Any  # a document of the library, which gives no types


def starter(shape: Shape) -> bytes:
    """A document that says what the page of the paper says, once its tags are filled in."""
    made = Document()
    _set_up(made, shape)
    made.add_heading("{{ tytul }}", 1)
    _when(made, "oznaczenie", lambda: made.add_paragraph("{{ oznaczenie }}", style="Intense Quote"))
    for section in shape["sections"]:
        made.add_heading(section["heading"], 2)
        for block in section["blocks"]:
            _add(made, block)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _set_up(made: File, shape: Shape) -> None:
    page, style = made.sections[0], made.styles["Normal"]
    width, height = (297, 210) if shape["is_wide"] else (210, 297)
    page.orientation = WD_ORIENT.LANDSCAPE if shape["is_wide"] else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(width), Mm(height)
    page.left_margin = page.right_margin = Mm(_MARGIN)
    page.header.paragraphs[0].text = "{{ urzad }}\t{{ numer }}"
    stops = made.styles["Header"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(width - 2 * _MARGIN), WD_TAB_ALIGNMENT.RIGHT)
    style.font.name, style.font.size = _FONT, Pt(10.5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _LANGUAGES[shape["language"]])
    style.element.get_or_add_rPr().append(language)
    made.core_properties.title, made.core_properties.author = "{{ tytul }}", ""
    made.core_properties.language = _LANGUAGES[shape["language"]]


def _when(made: File, name: str, add: Any) -> None:  # noqa: ANN401 - what adds paragraphs
    made.add_paragraph(f"{{%p if {name} %}}")
    add()
    made.add_paragraph("{%p endif %}")


def _add(made: File, block: Shape) -> None:
    if "text" in block:
        _when(made, block["name"], lambda: _add_fact(made, block["label"], block["name"]))
    elif block["is_table"]:
        _when(made, block["name"], lambda: _add_table(made, block))
    else:
        _add_records(made, block)
    if block.get("when_empty"):
        _when(made, f"not {block['name']}", lambda: made.add_paragraph(block["when_empty"]))


def _add_fact(made: File, label: str, name: str) -> None:
    heading = made.add_paragraph()
    heading.add_run(label).bold = True
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_after = Pt(0)
    made.add_paragraph(f"{{{{ {name} }}}}")


def _add_table(made: File, block: Shape) -> None:
    columns = block["columns"]
    table = made.add_table(rows=4, cols=len(columns), style="Table Grid")
    head, begin, row, end = table.rows
    for place, column in enumerate(columns):
        head.cells[place].paragraphs[0].add_run(column["label"]).bold = True
        row.cells[place].text = f"{{{{ w.{column['name']} }}}}"
    if block["room"]:
        row.height, row.height_rule = Mm(block["room"]), WD_ROW_HEIGHT_RULE.AT_LEAST
    begin.cells[0].text = f"{{%tr for w in {block['name']} %}}"
    end.cells[0].text = "{%tr endfor %}"
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - the library has no word for it


def _add_records(made: File, block: Shape) -> None:
    first, *others = block["columns"]
    made.add_paragraph(f"{{%p for w in {block['name']} %}}")
    made.add_heading(f"{{{{ w.{first['name']} }}}}", 3)
    for column in others:
        name = f"w.{column['name']}"
        _when(made, name, lambda label=column["label"], name=name: _add_fact(made, label, name))
    made.add_paragraph("{%p endfor %}")
