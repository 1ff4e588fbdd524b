"""The rules of one text, by the container that it is."""

from converter.errors import Place, RuleError
from converter.readers.container import LANGUAGES, Container, container_of, may_be_export
from converter.readers.export import read_export
from converter.readers.page import read_page
from converter.readers.query_text import read_text
from converter.readers.reading import Reading
from converter.readers.toml_file import read_toml

_SIZE_LIMIT = 10 * 1024 * 1024
"""Characters of a text that is no JSON: one rule. The largest public rule has 60,000."""


def read_text_file(text: str, path: str, stem: str, suffix: str, language: str | None) -> Reading:
    """The rules of a text. `stem` names rules without a name, `language` says what a query without any sign is in.

    Raises RuleError for a text that is none of the known containers, and for a container that is broken.
    """
    _check_size(text, path, suffix)
    container = container_of(text, suffix)
    match container:
        case Container.TOML:
            return Reading((read_toml(text, path),))
        case Container.PAGE:
            return Reading((read_page(text, path),))
        case Container.EXPORT:
            return read_export(text, path, stem)
        case Container.SIGMA:
            raise RuleError("sigma-unsupported", "this is a Sigma rule: these are not read yet", place=Place(path))
        case Container.EQL | Container.KUERY | Container.LUCENE | Container.DSL:
            return Reading((read_text(text, language or LANGUAGES[container], stem, path),))
        case None if language is not None:
            return Reading((read_text(text, language, stem, path),))
        case None:
            raise _unrecognised(text, path)


def _check_size(text: str, path: str, suffix: str) -> None:
    if len(text) > _SIZE_LIMIT and not may_be_export(text, suffix):
        what = f"the text is longer than {_SIZE_LIMIT // 1024 // 1024} MB, and no JSON"
        raise RuleError("file-too-large", what, place=Place(path), advice="split it, if it really holds rules")


def _unrecognised(text: str, path: str) -> RuleError:
    if not text.strip():
        return RuleError("rule-unrecognised", "the file is empty", place=Place(path), expected="a rule")
    return RuleError(
        "rule-unrecognised",
        "this is no form of rule that is known",
        place=Place(path),
        expected="a TOML rule file, an export of Kibana, a saved rule page or a query",
        advice="name a query's language with --from",
    )
