"""String literals (spec eql 1.4): escapes are decoded here, before anything reads the text as a pattern."""

import re

from lark import Token

from converter.errors import RuleError
from converter.languages.eql.refusal import refusal

_SIMPLE = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{2,8})\}|(.))")
_SURROGATES = range(0xD800, 0xE000)
_LAST_CODE_POINT = 0x10FFFF


def unescape(token: Token) -> str:
    """The text of a double-quoted literal. Raises RuleError at the backslash of an escape that does not exist."""
    inner = token[1:-1]
    if "\\" not in inner:
        return inner

    def decode(found: re.Match[str]) -> str:
        digits, letter = found.groups()
        if digits is not None:
            code_point = int(digits, 16)
            if code_point <= _LAST_CODE_POINT and code_point not in _SURROGATES:
                return chr(code_point)
        elif letter in _SIMPLE:
            return _SIMPLE[letter]
        raise _bad_escape(token, found)

    return _ESCAPE.sub(decode, inner)


def _bad_escape(token: Token, found: re.Match[str]) -> RuleError:
    written = found.group()
    if found.group(1) is not None:
        what, advice = f"`{written}` is not a character", "use a code point up to 10FFFF outside D800 to DFFF"
    elif written == "\\u":
        what, advice = "`\\u` without a code point", "write 2 to 8 hexadecimal digits in braces: \\u{202e}"
    else:
        what = f"`{written}` is not an escape sequence"
        advice = 'write \\\\ for a backslash, or use a raw string: """..."""'
    return refusal("eql-string-escape", what, token, advice=advice, shift=1 + found.start())


def old_form(token: Token) -> RuleError:
    """What is said about a string in the quotes of older versions, with the text rewritten."""
    raw = token.startswith("?")
    text = token[2:-1] if raw else token[1:-1]
    quote = '"""' if raw else '"'
    kind = "strings with a question mark" if raw else "single-quoted strings"
    rewritten = text if raw else text.replace("\\'", "'").replace('"', '\\"')
    return refusal(
        "eql-string-quotes", f"{kind} are not EQL any more", token, advice=f"write {quote}{rewritten}{quote}"
    )
