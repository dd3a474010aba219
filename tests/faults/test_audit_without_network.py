"""J3 with the network cut in the middle: every answer and photo arrives, with the real service worker."""

import pytest

from tests.support.tablet import COUNT, PHOTOS, hold, prepared, stored
from tests.support.wording import Words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(3600)]


def test_j3_nothing_is_lost_when_the_network_is_cut_in_the_middle_and_comes_back(
    serve, world_folder, tablet_of, pictures, times
):
    words = Words("pl")
    for round_ in range(times(1, 50)):
        site = serve(world_folder)
        address = prepared(site)

        hold(tablet_of(site), words, address, pictures, cut_at=3 + round_ % 9, back_at=13 + round_ % 11)

        found = stored(site)
        assert {name: found[name] for name in ("answers", "photos", "findings")} == {
            "answers": COUNT,
            "photos": PHOTOS,
            "findings": PHOTOS,
        }
        site.stop()
