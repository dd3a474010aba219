"""As whom to sign in to the demonstration."""

from typing import Final

from qms.demo.cast import ADMIN, COORDINATOR, email

_ROLES: Final = (
    ("sp-bochnia", "proxy", "pełnomocnik w Bochni / quality proxy"),
    ("sp-bochnia", "deputy", "zastępca pełnomocnika, skarbnik / deputy proxy, head of finance"),
    ("sp-bochnia", "first_auditor", "auditor wiodący / lead auditor"),
    ("sp-bochnia", "first_head", "kierownik komórki / head of a department"),
    ("sp-bochnia", "secretary", "sekretarz, kierownik komórki / secretary, head of a department"),
    ("sp-bochnia", "head", "starosta / head of the office"),
    ("um-lowicz", "first_auditor", "auditor użyczony Urzędowi Gminy w Łowiczu / auditor lent to another office"),
)


def people_to_try() -> list[tuple[str, str]]:
    """Posts in Polish and English, each with the address that signs in."""
    of_offices = [(post, email(slug, role)) for slug, role, post in _ROLES]
    return [*of_offices, ("koordynator programu / coordinator", COORDINATOR), ("administrator / administrator", ADMIN)]
