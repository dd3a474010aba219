import doctest
from types import ModuleType

import pytest

from qms.domain import calendar, numbering


@pytest.mark.parametrize("module", [calendar, numbering])
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).attempted > 0
    assert doctest.testmod(module).failed == 0
