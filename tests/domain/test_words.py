import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.errors import InvalidInput
from qms.domain.words import clean_email, clean_line, clean_text, is_blank, parse_whole_number
from tests.domain.examples import few

NAMES_KEPT_AS_TYPED = [
    "Żółć Gżegżółka-Źdźbło",
    "Anna Maria Katarzyna Wiśniewska-Kowalczyk-Brzęczyszczykiewicz von Habsburg-Lothringen",
    "d’Artagnan „Dąb” Kowal",
    "None",
    "NaN",
    "-2+3+cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "{0.__class__.__init__.__globals__}",
    "Straße",
    "ŻANETA Żaneta żaneta",
    "\ufdfa" * 3,
    "A" * 255,
]


@pytest.mark.parametrize("name", NAMES_KEPT_AS_TYPED)
def test_a_name_is_kept_as_typed(name: str) -> None:
    assert clean_line(name, 255) == name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Z\u0307o\u0301łc\u0301", "Żółć"),
        ("Jan\u200bKowalski", "JanKowalski"),
        ("\ufeffJan", "Jan"),
        ("Jan\u00adina", "Janina"),
        ("\ufb01lip", "filip"),
        ("\t=1+1", "=1+1"),
        ("\u00a0 Jan Kowal \u2003", "Jan Kowal"),
        ("a\u0300a\u0300", "àà"),
    ],
)
def test_a_name_has_one_stored_form(typed: str, stored: str) -> None:
    assert clean_line(typed, 255) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Jan\r\nBcc: all@urzad.gov.pl", "one line"),
        ("Jan\tKowal", "one line"),
        ("Jan\u2028Kowal", "one line"),
        ("faktura\u202efdp", "one line"),
        ("a\u2066b", "one line"),
        ("Jan\x00Kowalski", "cannot be stored"),
        ("Jan\x1bKowalski", "cannot be stored"),
        ("Jan\x85Kowalski", "cannot be stored"),
        ("\ud800", "cannot be stored"),
        ("Jan\uffff", "cannot be stored"),
        ("", "empty"),
        ("\u00a0\u2003", "empty"),
        ("\u200b\u2060", "empty"),
        ("\u2800\u3164", "empty"),
        ("\U000e0001", "empty"),
        ("Jan" + " " * 5000, "Shorten it to 255"),
        ("A" * 256, "Shorten it to 255"),
        ("A" * 1_000_000, "Shorten it to 255"),
    ],
)
def test_a_name_that_no_page_can_show_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        clean_line(typed, 255, field="name")
    assert refusal.value.field == "name"


def test_length_is_counted_in_composed_characters() -> None:
    assert len(clean_line("Z\u0307" * 255, 255)) == 255


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("pierwsza\r\ndruga\rtrzecia", "pierwsza\ndruga\ntrzecia"),
        ("a\vb\fc\u2028d", "a\nb\nc\nd"),
        ("\r\n.\r\nMAIL FROM:<evil@example>\r\n", ".\nMAIL FROM:<evil@example>"),
        ("a\tb", "a\tb"),
        ("From the beginning", "From the beginning"),
        ("</textarea><script>alert(1)</script>", "</textarea><script>alert(1)</script>"),
        ("ale\u202ea", "ale\u202ea"),
        ("a\u0300", "à"),
        ("\ufdfa" * 300, "\ufdfa" * 300),
    ],
)
def test_text_keeps_its_lines(typed: str, stored: str) -> None:
    assert clean_text(typed, 2000) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "empty"), ("\n \n", "empty"), ("a\x00b", "cannot be stored"), ("x" * 10_000_000, "Shorten it to 2000")],
)
def test_text_that_says_nothing_or_too_much_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        clean_text(typed, 2000)


@few
@given(st.text(max_size=120))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    for clean in (clean_line, clean_text):
        try:
            once = clean(text, 50)
        except InvalidInput:
            continue
        assert clean(once, 50) == once == unicodedata.normalize("NFC", once)
        assert not is_blank(once)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Jan.Kowalski@URZAD.GOV.PL", "jan.kowalski@urzad.gov.pl"),
        (" jan@urzad.gov.pl ", "jan@urzad.gov.pl"),
        ("o'brien@urzad.gov.pl", "o'brien@urzad.gov.pl"),
        ("jan+audit@urzad.gov.pl", "jan+audit@urzad.gov.pl"),
        ("a" * 64 + "@urzad.gov.pl", "a" * 64 + "@urzad.gov.pl"),
        ("a@" + "b." * 125 + "pl", "a@" + "b." * 125 + "pl"),
        ("jan@łódź.pl", "jan@xn--d-uga0v4h.pl"),
        ("jan@xn--d-uga0v4h.pl", "jan@xn--d-uga0v4h.pl"),
    ],
)
def test_an_address_has_one_stored_form(typed: str, stored: str) -> None:
    assert clean_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "jan",
        "@urzad.gov.pl",
        "jan@",
        "jan@urzad",
        "jan@urzad.gov.pl\n",
        "jan@urzad.gov.pl;evil@example.com",
        '"jan@urzad.gov.pl"@evil.example',
        "jan@urzad.gov.pl%0d%0aBcc:x@y.pl",
        "jan%0d%0abcc@urzad.gov.pl",
        "host!jan@urzad.gov.pl",
        "żaneta@urzad.gov.pl",
        "jan@urz\u0430d.gov.pl",
        "jan@\u0443\u0440\u0437\u0430\u0434.pl",
        "jan@xn--e1afmkfd.pl",
        "M\u0130KE@example.org",
        "jan@\u0130.org",
        "\u212aowal@urzad.gov.pl",
        "jan@stra\u00dfe.pl",
        "jan@urzad.gov.pl.",
        "jan@urzad..pl",
        "jan@-urzad.pl",
        "jan@urzad_gov.pl",
        ".a@urzad.gov.pl",
        "a.@urzad.gov.pl",
        "a..b@urzad.gov.pl",
        "-x@urzad.gov.pl",
        "jan@[127.0.0.1]",
        "jan@127.0.0.1",
        "jan kowal@urzad.gov.pl",
        "a" * 65 + "@urzad.gov.pl",
        "a@" + "b." * 126 + "pl",
        "a@" + "ł." * 90 + "pl",
        "@" * 100_000,
    ],
)
def test_an_address_we_should_not_write_to_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"e-mail address|Shorten"):
        clean_email(typed)


@few
@given(st.text(max_size=80))
def test_whatever_is_typed_is_an_address_or_refused(text: str) -> None:
    try:
        address = clean_email(text + "@urzad.gov.pl")
    except InvalidInput:
        return
    assert address.isascii()
    assert clean_email(address) == address


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", 0), ("-0", 0), (" 5 ", 5), ("14", 14), ("007", 7), ("1\u00a0234", 1234), ("1 234 567", 1_234_567)],
)
def test_a_whole_number_is_read(typed: str, number: int) -> None:
    assert parse_whole_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "+5", "1e3", "NaN", "0x10", "\u00b2", "\u0663", "1,5", "1 234,56", "1.5", "12 34", "1_000", "9" * 5000, "--1"],
)
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="whole number"):
        parse_whole_number(typed, 0, 100)


def test_both_limits_of_a_number_belong_to_it() -> None:
    assert [parse_whole_number(typed, 3, 14) for typed in ("3", "14")] == [3, 14]


@pytest.mark.parametrize(
    ("typed", "minimum", "maximum"), [("-1", 0, 100), ("101", 0, 100), ("2147483648", 0, 2**31 - 1), ("2", 3, 14)]
)
def test_a_number_outside_the_limits_is_refused(typed: str, minimum: int, maximum: int) -> None:
    with pytest.raises(InvalidInput, match=f"from {minimum} to {maximum}"):
        parse_whole_number(typed, minimum, maximum)
