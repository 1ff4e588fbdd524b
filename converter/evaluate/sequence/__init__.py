"""Sequences: stages in order of time, joined by keys (spec eql 10), found in one pass over ordered events.

stages.py    the stages of a detection, compiled and numbered by state
machine.py   the state machine: per key, the most recent pending sequence of every state
absence.py   missing-event stages: what was seen before an event, what may still come after the last one
"""

from converter.evaluate.sequence.machine import find_sequences

__all__ = ["find_sequences"]
