"""Compiles the translations, so that a wheel and an editable install speak every language."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the signature is hatch's
        for source in Path(self.root, "qms", "translations").glob("*/LC_MESSAGES/*.po"):
            _compile(source)


def _compile(source: Path) -> None:
    with source.open("rb") as po:
        catalogue = read_po(po, locale=source.parts[-3])
    with source.with_suffix(".mo").open("wb") as mo:
        write_mo(mo, catalogue)
