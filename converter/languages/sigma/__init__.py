"""Sigma as a language that is read (spec sigma 2, 10, 11.1): rules on single events, through pySigma's parser.

read(text)     the rules of a YAML text, each with its log source and its predicate over Sigma's own field names
"""

from converter.languages.sigma.rule import SigmaRule, read

__all__ = ["SigmaRule", "read"]
