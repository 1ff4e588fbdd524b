"""Which function a call names (spec eql 9): names are case-insensitive, unknown ones get the nearest as advice."""

from difflib import get_close_matches

from lark import Token

from converter.languages.eql.refusal import refusal
from converter.languages.eql.vocabulary import FUNCTIONS, REMOVED_FUNCTIONS, Signature


def resolve(name: Token, count: int) -> tuple[Signature, bool]:
    """The signature of the function and whether the case-insensitive form was asked for.

    Raises RuleError for unknown and removed names, a `~` that the function does not have, and a wrong number of
    arguments.
    """
    plain = name.removesuffix("~")
    signature = FUNCTIONS.get(plain.lower())
    if signature is None:
        raise _unknown(name, plain)
    ignore_case = len(plain) != len(name)
    if ignore_case and not signature.tilde:
        with_tilde = ", ".join(sorted(known.name for known in FUNCTIONS.values() if known.tilde))
        raise refusal(
            "eql-function-tilde",
            f"{signature.name} has no case-insensitive form",
            name,
            advice=f"leave out the tilde; these have one: {with_tilde}",
        )
    if count < signature.least or (signature.most is not None and count > signature.most):
        raise refusal(
            "eql-function-arguments",
            f"{signature.name} is given {count} argument{'' if count == 1 else 's'}",
            name,
            expected=_arity(signature),
        )
    return signature, ignore_case


def _unknown(name: Token, plain: str) -> Exception:
    removed = REMOVED_FUNCTIONS.get(plain.lower())
    if removed is not None:
        return refusal("eql-function-removed", f"Elasticsearch has no function {plain}", name, advice=removed)
    near = get_close_matches(plain.lower(), FUNCTIONS, n=1)
    advice = f"did you mean {FUNCTIONS[near[0]].name}?" if near else f"functions are: {_all_names()}"
    return refusal("eql-function-unknown", f"there is no function {plain}", name, advice=advice)


def _all_names() -> str:
    return ", ".join(signature.name for signature in FUNCTIONS.values())


def _arity(signature: Signature) -> str:
    if signature.most is None:
        return f"{signature.least} or more"
    if signature.most == signature.least:
        return str(signature.least)
    return f"{signature.least} to {signature.most}"
