"""Pictures of the main pages, left for the eye in tests/browser/.screenshots."""

from pathlib import Path

import pytest

from tests.support.screenshots import main_views, shoot

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # the demonstration is lived first

FOLDER = Path(__file__).with_name(".screenshots")


def test_the_main_pages_have_their_picture_taken(serve, demo_folder, chromium):
    views = main_views()

    shoot(serve(demo_folder), chromium, views, folder=FOLDER)

    assert {file.stem for file in FOLDER.glob("*.png")} == set(views)
