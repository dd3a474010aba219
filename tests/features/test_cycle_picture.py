"""The picture of the cycle: whatever falls together, every label can be read and every leader leads to its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qms.cycle.picture import GAP, Label, Picture, Place, placed

WORDS = ("Decyzja", "Audit w nadzorze", "Audit ponownej certyfikacji", "Audit według nowego wydania normy", "dziś")


def label(at: float, words: str = "Audit w nadzorze", state: str = "planned") -> Label:
    return Label(at, words, "" if state == "today" else "20.11.2026", state)


def boxes(places: list[Place]) -> list[tuple[float, float, int, int]]:
    """The left, right, upper and lower edge of each label."""
    return [(each.first, each.last, *sorted(each.edges)) for each in places]


def collisions(places: list[Place]) -> list[tuple[Place, Place]]:
    found = []
    for one, (left, right, top, bottom) in zip(places, boxes(places), strict=True):
        for other, (left2, right2, top2, bottom2) in zip(places, boxes(places), strict=True):
            covers = left < right2 and left2 < right and top < bottom2 and top2 < bottom
            reach = other.leader_to or 0
            crosses = left < other.label.x < right and min(0, reach) < bottom and top < max(0, reach)
            if one is not other and (covers or crosses):
                found.append((one, other))
    return found


days = some.floats(0, 100).map(lambda at: round(at, 1)) | some.sampled_from((0.0, 33.3, 90.0, 100.0))
states = some.sampled_from(("done", "planned", "end"))


@given(some.lists(some.builds(label, days, some.sampled_from(WORDS), states), min_size=1, max_size=11), days)
def test_no_label_covers_another_and_no_leader_goes_through_one(points: list[Label], now: float) -> None:
    places = placed([*points, label(now, "dziś", "today")])

    assert collisions(places) == []
    assert [each for each in places if each.first < 0 or each.last > 100] == []


@pytest.mark.parametrize("at", [0, 5, 50, 95, 100])
def test_days_that_fall_together_each_have_their_label(at: float) -> None:
    places = placed([label(at) for _ in range(6)])

    assert collisions(places) == []


def test_labels_with_room_stand_close_under_the_line_and_today_over_it() -> None:
    places = placed([label(0, "Decyzja"), label(33), label(66), label(80, "dziś", "today")])

    assert [(each.lane, each.anchor) for each in places] == [(-1, "middle")] * 3 + [(1, "middle")]
    assert [each.leader_to is None for each in places] == [True, True, True, False]


def test_the_picture_is_as_high_as_its_labels_need() -> None:
    low, high = (Picture(placed([label(each) for each in found])) for found in ((0, 50, 100), (50,) * 6))

    assert low.height < high.height
    for picture in (low, high):
        assert all(0 <= picture.line_y + edge <= picture.height for each in picture.places for edge in each.edges)


def test_a_label_beside_its_day_leaves_room_for_the_leader() -> None:
    beside = [each for each in placed([label(99.5), label(100), label(100)]) if each.anchor == "end"]

    assert beside
    assert all(each.last <= each.label.x - GAP + 0.001 for each in beside)
