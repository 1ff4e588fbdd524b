"""What lowering a text gives: its meaning, and what had to be said about it."""

from dataclasses import dataclass

from converter.ir.detection import Detection
from converter.losses import Assumption, Loss, Note


@dataclass(frozen=True, slots=True)
class Lowered:
    """`losses` are differences that reading itself made; a lowering that keeps the meaning has none."""

    detection: Detection
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
