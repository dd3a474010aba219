"""What is asked of every page so that everybody can use it: axe, and our own questions in accessibility.js."""

import re
from pathlib import Path
from typing import Any, Final, Literal

import html5lib
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.support.figures import IS_LONG

Scheme = Literal["light", "dark"]
_STYLES = Path(__file__).parents[2] / "static" / "app.css"
_CHECKS = Path(__file__).with_name("accessibility.js").read_text(encoding="utf-8")
_AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations", "incomplete"],
}
_RUN_AXE = """async options => {
  const {violations, incomplete} = await axe.run(document, options);
  return {violations, incomplete};
}"""
_LOOKS: Final[tuple[tuple[int, Scheme], ...]] = ((1280, "light"), (320, "dark"), (320, "light"), (1280, "dark"))
_HEIGHTS = {640: 900, 1280: 900, 320: 640}  # 640 is what a window of 1280 shows at 200 %
_LONGEST_WALK = 400


def problems_of(page: Page, *, sent: str, language: str) -> list[str]:
    """Everything wrong with the page that is open, as sentences; `sent` is its HTML as it came."""
    page.evaluate(_CHECKS)
    found = [*_invalid_html(sent), *ask(page, "structure", language), *ask(page, "forms")]
    found += ask(page, "motion")
    found += _at_each_width(page, "reflow", "header", "targets", "clipped", "space")
    return found + _axe(page) + _in_forced_colours(page)


def fits(page: Page) -> list[str]:
    """Whether what stands on the page fits it, wide, narrow and at half."""
    page.evaluate(_CHECKS)
    return _at_each_width(page, "reflow", "clipped")


def _at_each_width(page: Page, *questions: str) -> list[str]:
    found = []
    for width, height in _HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"at {width}: {said}" for question in questions for said in ask(page, question)]
    return found


def ask(page: Page, question: str, *values: object) -> list[str]:
    """One of the questions of accessibility.js, once they are on the page."""
    answer: list[str] = page.evaluate(f"values => checks.{question}(...values)", list(values))
    return answer


def _invalid_html(sent: str) -> list[str]:
    parser = html5lib.HTMLParser()
    parser.parse(sent)
    return [f"HTML: {code} {values} at {place}" for place, code, values in parser.errors]


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found = []
    for width, scheme in _looks(page.url):
        page.set_viewport_size({"width": width, "height": _HEIGHTS[width]})
        page.emulate_media(color_scheme=scheme)
        result: dict[str, Any] = page.evaluate(_RUN_AXE, _AXE_OPTIONS)
        broken = result["violations"] + [rule for rule in result["incomplete"] if _is_doubt(rule)]
        found += [f"axe at {width} {scheme}: {_told(rule)}" for rule in broken]
    page.emulate_media(color_scheme="light")
    return found


def _looks(address: str) -> tuple[tuple[int, Scheme], ...]:
    """Both widths and both schemes; each with each only in the long form, as every second page has the other two."""
    if IS_LONG:
        return _LOOKS
    half = sum(address.encode()) % 2
    return _LOOKS[2 * half : 2 * half + 2]


def _is_doubt(rule: dict[str, Any]) -> bool:
    """Axe cannot tell what is behind the words of a picture; the colours of the stylesheet are tested by themselves."""
    return not all(node["html"].startswith(("<text", "<tspan")) for node in rule["nodes"])


def _told(rule: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['html'][:120]} ({str(node.get('failureSummary'))[:200]})" for node in rule["nodes"][:2])
    return f"{rule['id']}: {rule['help']}, {len(rule['nodes'])} times, as {nodes}"


def _in_forced_colours(page: Page) -> list[str]:
    page.emulate_media(forced_colors="active")
    found = ask(page, "forcedColours")
    page.emulate_media(forced_colors="none")
    return found


def walk(page: Page) -> list[str]:
    """Go through the page by Tab: every control is reached, in the order of the page, and seen where the focus is."""
    page.evaluate(_CHECKS)
    found: list[str] = []
    reached: list[int] = []
    for _ in range(_LONGEST_WALK):
        page.keyboard.press("Tab")
        at = page.evaluate("() => checks.focus()")
        if at is None or at["place"] in reached:
            break
        reached.append(at["place"])
        found += [] if at["isSeen"] else [f"the focus cannot be seen on {at['name']}"]
    if reached != list(range(page.evaluate("() => checks.count()"))):
        found.append(f"Tab goes {reached}, of {page.evaluate('() => checks.count()')} controls")
    return found


def tokens(scheme: str) -> dict[str, str]:
    """The colours of the stylesheet by name; the brand's bar alone keeps its own."""
    light, dark = _STYLES.read_text(encoding="utf-8").split("prefers-color-scheme: dark", 1)
    found = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#\w+);", dark.split("@media", 1)[0]))


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, by the formula of WCAG: from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
