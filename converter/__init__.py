"""Ruleport: reads detection rules written for Elastic and writes rules that other systems run.

    rules = converter.load("rules/")
    result = converter.convert(rules[0], to="splunk")

Importing the package loads nothing: every name is imported on first use, so that `convert --help` is quick.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.api import evaluate, load, parse, targets
    from converter.conversion import convert
    from converter.errors import ConfigurationError, ConverterError, RuleError
    from converter.result import Result
    from converter.rule import Rule
    from converter.verify import Proof, verify

    __version__: str

_HOME = {
    "load": "converter.api",
    "parse": "converter.api",
    "evaluate": "converter.api",
    "targets": "converter.api",
    "convert": "converter.conversion",
    "verify": "converter.verify",
    "Proof": "converter.verify",
    "Result": "converter.result",
    "Rule": "converter.rule",
    "RuleError": "converter.errors",
    "ConverterError": "converter.errors",
    "ConfigurationError": "converter.errors",
}

__all__ = [
    "ConfigurationError",
    "ConverterError",
    "Proof",
    "Result",
    "Rule",
    "RuleError",
    "__version__",
    "convert",
    "evaluate",
    "load",
    "parse",
    "targets",
    "verify",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("converter.version").VERSION
    if name in _HOME:
        found = getattr(import_module(_HOME[name]), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module `converter` has no attribute `{name}`")


class _Package(ModuleType):
    """Functions and subpackages share names (`evaluate`, `verify`), and importing a subpackage would put it in the
    function's place: `converter.evaluate` is the function whatever was imported before."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
