"""Demonstration data: a lived history to look at, and synthetic masses to measure with."""

from qms.demo.guests import people_to_try
from qms.demo.living import live
from qms.demo.synthetic import synthesise

__all__ = ["live", "people_to_try", "synthesise"]
