"""Registry paths that sensors do not record alike: what a pattern mentions and the target spells in its own way.

Sysmon writes `HKLM\\System\\CurrentControlSet\\…` where Elastic's sensors write the numbered control set or both, and
it never writes the kernel's `\\REGISTRY\\MACHINE\\…` (spec sigma 5.3). A pattern that depends on such a spelling finds
other events there.
"""

import re
from dataclasses import replace

from converter.ir.pattern import Pattern, Text
from converter.losses import Direction
from converter.schema.derivation.interface import Image

_WILD = "\0"
_NUMBERED = re.compile(r"(?<!current)(?<!\0)controlset", re.IGNORECASE)
_KERNEL = re.compile(r"\\registry\\(machine|user)", re.IGNORECASE)


def judged(image: Image, parts: Pattern) -> Image:
    """The image, with a loss if the pattern depends on how the path is spelled."""
    text = "".join(part.value if isinstance(part, Text) else _WILD for part in parts)
    if _KERNEL.match(text):
        message = "the path is in the kernel's spelling, which the target never writes"
        return replace(image, code="registry-spelling", direction=Direction.DIFFERENT, message=message)
    if _NUMBERED.search(text):
        message = "the path names a control set by number, the target writes `CurrentControlSet`"
        return replace(image, code="registry-control-set", direction=Direction.DIFFERENT, message=message)
    return image
