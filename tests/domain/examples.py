"""How invented examples are drawn for rules: few, the same each time, and none kept on the disk."""

from hypothesis import settings

few = settings(max_examples=40, derandomize=True, database=None, deadline=None)
