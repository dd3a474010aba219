"""The words of a page in the language under test, looked up as the product looks them up."""

from pathlib import Path

from babel.support import NullTranslations, Translations

_TRANSLATIONS = Path(__file__).parents[2] / "qms" / "translations"


class Words:
    """`words("Save")` is what the button says; in Polish it refuses what was left in English."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._found = Translations.load(str(_TRANSLATIONS), [language]) if language == "pl" else NullTranslations()

    def __call__(self, text: str, **values: object) -> str:
        said = str(self._found.gettext(text))
        assert self.language == "en" or said != text, f"no Polish translation of {text!r}"
        return said % values if values else said

    def count(self, one: str, many: str, number: int) -> str:
        """The form for a number."""
        return str(self._found.ngettext(one, many, number)) % {"num": number}
