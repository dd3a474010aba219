"""J3 with the network cut at any moment: every answer and photo arrives once, with the real service worker."""

import pytest

from tests.support.tablet import COUNT, PHOTOS, SECOND_AUDITOR, SECTIONS, Course, Held, prepared, stored
from tests.support.wording import Words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(3600)]


def test_j3_nothing_is_lost_or_doubled_when_the_network_is_cut_at_any_moment_and_comes_back(
    serve, world_folder, tablet_of, pictures, times, record_property
):
    site, words, rounds = serve(world_folder), Words("pl"), times(1, 50)
    beside = 0
    for number in range(rounds):
        course, address = Course.drawn(number), prepared(site)
        first, second = tablet_of(site), tablet_of(site, SECOND_AUDITOR) if course.company else None

        Held(first, words, address, course, list(pictures), second).run()

        given_beside = course.company * SECTIONS
        found = stored(site)
        kept = {
            name: found[name] for name in ("answers", "photos", "findings", "doubled", "people", "devices", "waiting")
        }
        assert kept == {
            "answers": COUNT,
            "photos": PHOTOS,
            "findings": PHOTOS,
            "doubled": 0,
            "people": 1 + bool(second),
            "devices": 1 + bool(second),
            "waiting": 0,
        }, course
        assert found["events"] >= COUNT + given_beside, course
        beside += given_beside
        for tablet in filter(None, (first, second)):
            tablet.context.close()
    record_property("audits with the network cut, reloaded and restored", rounds)
    record_property(
        "lost or doubled of all answers and photos", f"0 of {rounds * (COUNT + PHOTOS) + beside}, {beside} at once"
    )
