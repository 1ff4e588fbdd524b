"""Every shipped rule, target and profile on generated events: what is written does what is claimed."""

from dataclasses import replace

import pytest

from converter.backend import Backend, Verdict, backend
from converter.conversion import convert
from converter.losses import Direction, Loss
from converter.verify import verify
from tests.verify.case import NAMES, TARGETS, case

every_case = pytest.mark.parametrize("name", NAMES)
every_target = pytest.mark.parametrize(("target", "profile"), TARGETS, ids=[":".join(pair) for pair in TARGETS])

# The smallest rule has five leaves with some 20 literals, each with events that have
# the value and events that nearly have it.
LEAST_EVENTS = 100
LEAST_FOUND = 10


@every_target
@every_case
def test_the_output_holds_on_generated_events(name: str, target: str, profile: str) -> None:
    proof = verify(case(name).rule, target, profile)
    (evidence,) = proof.evidence
    assert evidence.counterexamples == ()
    assert proof.untried == ()
    assert proof.holds
    assert evidence.events >= LEAST_EVENTS
    assert evidence.events > evidence.observations >= LEAST_FOUND


class Silent:
    """A backend whose translations keep only the losses that `kept` gives back."""

    def __init__(self, inner: Backend, code: str, direction: Direction | None) -> None:
        self._inner = inner
        self._code = code
        self._direction = direction

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def translate(self, *arguments: object) -> object:
        translation = self._inner.translate(*arguments)  # type: ignore[arg-type]
        return replace(translation, losses=tuple(self._told(translation.losses)))

    def _told(self, losses: tuple[Loss, ...]) -> list[Loss]:
        told = [loss if loss.code != self._code else replace(loss, direction=self._direction) for loss in losses]
        return [loss for loss in told if loss.direction is not None]


TUNNEL, WEB, SHARED_OBJECT, _, INIT = NAMES
UNTOLD = [
    (TUNNEL, "splunk", "ta", "field-unmapped", Direction.NARROWER),
    (TUNNEL, "splunk", "ta", "field-unmapped", None),
    (TUNNEL, "sigma", "sigma", "field-unmapped", Direction.NARROWER),
    (TUNNEL, "osquery", "osquery", "field-unmapped", None),
    (TUNNEL, "sigma", "sigma", "arguments-from-command-line", None),
    (WEB, "splunk", "ta", "arguments-from-command-line", None),
    (WEB, "sigma", "sigma", "name-from-path", None),
    (WEB, "osquery", "osquery", "osquery-process-name", None),
    (INIT, "splunk", "ta", "name-from-path", None),
    (INIT, "osquery", "osquery", "osquery-process-name", None),
]


@pytest.mark.parametrize(("name", "target", "profile", "code", "direction"), UNTOLD)
def test_a_loss_that_is_not_announced_is_caught(
    name: str, target: str, profile: str, code: str, direction: Direction | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removed (None) or turned round, on the sample events, which lie outside every domain."""
    sample = case(name)
    assert code in {loss.code for loss in convert(sample.rule, target, profile).losses}
    silent = Silent(backend(target), code, direction)
    monkeypatch.setattr("converter.conversion.backend", lambda _: silent)
    proof = verify(sample.rule, target, profile, events=sample.events)
    (evidence,) = proof.evidence
    assert proof.result.verdict is Verdict.APPROXIMATE
    assert evidence.within_direction is False
    assert evidence.counterexamples
    assert not proof.holds
