"""What verdicts mean for the exit code (docs/cli.md)."""

from collections.abc import Iterable

from converter.backend import Verdict
from converter.result import Result


def exit_code(results: Iterable[Result], fail_on: str) -> int:
    """2 where a rule could not be read or was refused, 1 where one is approximate, as far as `--fail-on` asks."""
    verdicts = {result.verdict for result in results}
    if fail_on == "never":
        return 0
    if Verdict.ERROR in verdicts or (Verdict.REFUSED in verdicts and fail_on != "error"):
        return 2
    return 1 if Verdict.APPROXIMATE in verdicts and fail_on == "approximate" else 0
