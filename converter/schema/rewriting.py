"""A predicate in one source's terms: leaves replaced by their images, lost ones by constants, every loss directed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from converter.ir.predicate import All, Always, Any, Compute, Field, Leaf, Not, Predicate, Test
from converter.losses import Assumption, Direction, Loss
from converter.schema.facts import decided
from converter.schema.leaf import leaf_image
from converter.schema.profile import Source
from converter.schema.simplify import all_of, any_of, negation

CATEGORIES = frozenset({Field("event.kind"), Field("event.category"), Field("event.type")})
"""Fields of few values: a rule of which only such tests remain finds whole classes of events."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """`target` speaks of target fields; in `effective` the exactly rewritten leaves are still ECS leaves.

    `lost_positive`, `lost` and `inexact` count leaves; `positive` counts positive tests that remain, facts and tests of
    the event's mere category excepted.
    """

    target: Predicate
    effective: Predicate
    losses: tuple[Loss, ...]
    lost_positive: int
    lost: int
    inexact: int
    positive: int
    assumptions: tuple[Assumption, ...] = ()

    @property
    def too_wide(self) -> bool:
        """A positive test was lost and none remains: the output would find whatever the source records."""
        return self.lost_positive > 0 and self.positive == 0

    @property
    def cost(self) -> tuple[int, int, int]:
        """What is compared between sources of one platform and kind; the smaller loses less."""
        return (self.lost_positive, self.lost, self.inexact)


@dataclass(frozen=True, slots=True)
class _Lost:
    """A leaf without an image, still without a direction."""

    loss: Loss
    positive: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A rewritten subtree. If all of it is lost, `target` and `effective` are None and `open` holds its leaves until
    the node above says which constant stands for them."""

    target: Predicate | None
    effective: Predicate | None
    losses: tuple[Loss, ...] = ()
    open: tuple[_Lost, ...] = ()
    closed: tuple[_Lost, ...] = ()
    inexact: int = 0
    positive: int = 0
    assumptions: tuple[Assumption, ...] = ()


def rewritten(predicate: Predicate, source: Source) -> Rewriting:
    """The predicate in the source's terms (docs/architecture.md, "Losing a test"), multi-fields resolved before.

    The source's facts are put in first; what they decide is neither kept nor lost.
    """
    part = _closed(_part(decided(predicate, source.facts), 0, source), constant=True, nots=0)
    target = part.target or Always()
    effective = part.effective or Always()
    lost_positive = sum(lost.positive for lost in part.closed)
    return Rewriting(
        target,
        effective,
        part.losses,
        lost_positive,
        len(part.closed),
        part.inexact,
        part.positive,
        tuple(dict.fromkeys(part.assumptions)),
    )


def _part(node: Predicate, nots: int, source: Source) -> _Part:
    match node:
        case All(items, span):
            return _joined(node, [_part(item, nots, source) for item in items], nots)
        case Any(items, span):
            return _joined(node, [_part(item, nots, source) for item in items], nots)
        case Not(item, span):
            inner = _part(item, nots + 1, source)
            if inner.target is None or inner.effective is None:
                return inner
            return replace(inner, target=negation(inner.target, span), effective=negation(inner.effective, span))
        case _:
            return _leaf(node, nots, source)


def _joined(node: All | Any, parts: list[_Part], nots: int) -> _Part:
    """Lost items become true below `All` and false below `Any`, unless all of them are lost."""
    conjunction = isinstance(node, All)
    if parts and all(part.target is None for part in parts):
        return _Part(None, None, open=tuple(lost for part in parts for lost in part.open))
    closed = [_closed(part, constant=conjunction, nots=nots) for part in parts]
    join: Callable[..., Predicate] = all_of if conjunction else any_of
    return _Part(
        join((part.target for part in closed if part.target is not None), node.span),
        join((part.effective for part in closed if part.effective is not None), node.span),
        tuple(loss for part in closed for loss in part.losses),
        (),
        tuple(lost for part in closed for lost in part.closed),
        sum(part.inexact for part in closed),
        sum(part.positive for part in closed),
        tuple(assumption for part in closed for assumption in part.assumptions),
    )


def _closed(part: _Part, *, constant: bool, nots: int) -> _Part:
    """A subtree that is lost, replaced by the constant, below that many `Not`s: its losses get their direction.

    True in the place of a test widens, unless an odd number of `Not`s turns it round. The part stays without a
    predicate, since `true` in a conjunction and `false` in a disjunction are left out.
    """
    if not part.open:
        return part
    direction = Direction.WIDER if constant == (nots % 2 == 0) else Direction.NARROWER
    losses = tuple(replace(lost.loss, direction=direction) for lost in part.open)
    return replace(part, losses=part.losses + losses, open=(), closed=part.closed + part.open)


def _leaf(leaf: Leaf, nots: int, source: Source) -> _Part:
    positive = nots % 2 == 0 and isinstance(leaf, Test | Compute)
    image = leaf_image(leaf, source)
    if image.target is None:
        return _Part(None, None, open=tuple(_Lost(loss, positive) for loss in image.losses))
    losses = tuple(replace(loss, direction=_turned(loss.direction, nots)) for loss in image.losses)
    effective = image.target if losses else leaf
    counted = positive and not (isinstance(leaf, Test) and leaf.field in CATEGORIES)
    return _Part(
        image.target, effective, losses, inexact=bool(losses), positive=int(counted), assumptions=image.assumptions
    )


_OPPOSITE = {Direction.WIDER: Direction.NARROWER, Direction.NARROWER: Direction.WIDER}


def _turned(direction: Direction | None, nots: int) -> Direction | None:
    if direction is None or nots % 2 == 0:
        return direction
    return _OPPOSITE.get(direction, direction)
