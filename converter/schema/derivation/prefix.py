"""Whole branches of ECS names that the target keeps under names of its own: `winlog.event_data.X` is `X`."""

from dataclasses import dataclass

from converter.schema.derivation.copy import Copy


@dataclass(frozen=True, slots=True)
class PrefixRule:
    """A name below the prefix is the column `before` + rest of the name, its values unchanged."""

    before: str = ""

    def bind(self, rest: str) -> Copy:
        return Copy(self.before + rest)
