"""YAML files of profiles, which a user may hand us: one mapping each."""

from converter.errors import ConfigurationError, Place
from converter.yamltext import YamlTextError, read_documents

MAX_CHARACTERS = 1_000_000


def read_document(text: str, path: str) -> dict[str, object]:
    """The mapping that a YAML text holds. Raises ConfigurationError (`profile-syntax`) for anything else: bad syntax,
    two equal keys, a nesting or an expansion of aliases beyond reason."""
    try:
        documents = read_documents(text, MAX_CHARACTERS)
    except YamlTextError as error:
        raise _error(error.what, Place(path, error.line, error.column)) from error
    if len(documents) > 1:
        raise _error("the file holds several documents", Place(path, documents[1].line))
    content = documents[0].content if documents else None
    if not isinstance(content, dict):
        raise _error("the file holds no mapping", Place(path))
    return content


def _error(what: str, place: Place) -> ConfigurationError:
    return ConfigurationError("profile-syntax", what, place=place)
