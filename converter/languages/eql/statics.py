"""Rules about whole sequences and samples that no grammar states (spec eql 2, "static rules")."""

from converter.errors import RuleError
from converter.languages.eql.refusal import refusal
from converter.languages.eql.tree import Filter, Pipe, Sample, Sequence, Stage


def check(query: Filter | Sequence | Sample, pipes: tuple[Pipe, ...]) -> None:
    """Raises RuleError if the query breaks a rule about its stages, keys and pipes."""
    match query:
        case Sequence(_, maxspan, stages, until):
            _check_stages(query)
            _check_missing(query, maxspan is not None)
            _check_keys(stages if until is None else (*stages, until), "stage")
        case Sample(keys, stages):
            _check_keys(stages, "filter")
            if pipes:
                raise refusal("eql-sample", "a sample takes no pipe", pipes[0].span, advice="leave out the pipe")
            if not keys and not stages[0].keys:
                raise refusal(
                    "eql-keys-missing",
                    "a sample needs a key",
                    query.span,
                    advice="write for example: sample by host.id",
                )
        case Filter():
            pass


def _check_stages(query: Sequence) -> None:
    if sum(stage.runs for stage in query.stages) < 2:
        raise refusal(
            "eql-sequence-short",
            "a sequence needs two stages at least",
            query.span,
            advice="add a stage, or write a plain `category where condition`",
        )


def _check_missing(query: Sequence, limited: bool) -> None:
    missing = [stage for stage in query.stages if stage.missing]
    if missing and not limited:
        raise refusal(
            "eql-missing-maxspan",
            "a missing-event stage needs a time limit",
            missing[0].span,
            advice="add `with maxspan=...` after `sequence` and its keys",
        )
    if len(missing) == len(query.stages):
        raise refusal("eql-missing-only", "a sequence needs a stage that is not `![ ]`", query.span)


def _check_keys(stages: tuple[Stage, ...], name: str) -> None:
    first = len(stages[0].keys)
    for stage in stages[1:]:
        if len(stage.keys) != first:
            raise _uneven(stage, name, first)


def _uneven(stage: Stage, name: str, first: int) -> RuleError:
    return refusal(
        "eql-keys-uneven",
        f"this {name} has {len(stage.keys)} key{'' if len(stage.keys) == 1 else 's'} of its own, the first has {first}",
        stage.span,
        advice="every part, `until` included, needs the same number of `by` fields",
    )
