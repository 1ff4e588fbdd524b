"""Where python-eql and Elasticsearch mean different things, each with its reason: what is never compared.

Section 14 of spec eql lists the dialects' differences; what is not in it was read off python-eql 1.0.1 at work. What
Elasticsearch refuses (`=`, comparisons of fields, methods, other pipes, lineage) cannot be asked in the first place;
case is a choice per rule (`random_rules.Letters`).
"""

from enum import Enum


class Difference(Enum):
    """One construct, or one property of an event, about which the two engines cannot be asked to agree."""

    # of several events
    MISSING_STAGE = "14: `![ ]` is an event that does not match there, absence in a time window here"
    SAMPLE = "11 asks for a document per filter; python-eql takes any n events of a key, two of one filter included"
    UNTIL_IN_A_STAGE = "14: an event that is `until` and a stage too kills the sequence there"
    SHORT_SPAN = "python-eql cuts a maxspan down to whole seconds"
    MISSING_KEY = "14: a missing join key takes part as null there; here only an optional one does"

    # of missing values
    NEGATED_MISSING = "14: null survives `not`, `!=` and `not in` there, so that a missing field never matches"
    NULL_VALUE = "14: null is a third truth value there; only `== null` and `!= null` are the same question"

    NEGATED_ABSENCE = "9, 14: indexOf gives null where it finds nothing, which `not` turns to true here only"

    # of values
    LIST = "14: a list is one value there, and any of its values here"
    VALUE_TYPE = "6.1 coerces a value to its field's type; python-eql compares values of one type only"
    FIELD_TYPE = "dates, versions, analysed texts and IPv6 addresses are plain texts there"
    LITERAL_TYPE = "4: the field's type decides what a literal means; python-eql compares values of one type only"
    LINE_BREAK = "python-eql's wildcards end in Python's `$`, which also stands before a last line break"
    LETTERS = "5: only ASCII letters fold here, all letters there"

    # of operators
    QUESTION_MARK = "14: `?` is no wildcard there"
    OPEN_EXPRESSION = "14: a regular expression is open at its end there; one that ends in `.*` is so in both"
    DIALECT = "5.2: Lucene's syntax here, Python's there; they share literals, dots, classes, groups, repeats"
    DIVISION = "5.3: rounds towards zero here, down there; by zero it fails here and is null there"
    CONDITION_AS_VALUE = "6.3: a condition inside a function is a script here"

    # of functions
    NOTHING_BETWEEN = "14: an absent bound of `between` gives null there and an empty text here"
    LEAK = "9: `*`, `?` and `\\` in the text of endsWith and stringContains are a pattern here"
    EMPTY_TEXT = "9: an empty text is nowhere, or everywhere, depending on the form of the call"
    NEGATIVE_START = "9: a negative start of indexOf is 0 here, counts from the end there"
    NO_NUMBER = "9: a text that is no number fails the query here and is null there"
