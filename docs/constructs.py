"""The constructs of the support table: one condition a row, over fields that process events of every target have."""

from functools import cache

import converter
from converter.rule import Rule

CONSTRUCTS = (
    'process.command_line == "id"',
    'process.command_line != "id"',
    'process.command_line : "id"',
    'process.command_line : "curl*-o?"',
    'process.command_line like "curl *"',
    'process.command_line in ("id", "whoami")',
    'process.command_line == "100%*"',
    'process.command_line regex "[a-f0-9]{32}"',
    'process.command_line regex~ ".*base64.*"',
    "process.command_line == null",
    "process.command_line != null",
    'startsWith(process.command_line, "sh")',
    "length(process.command_line) > 0",
    "length(process.command_line) > 200",
    'indexOf(process.command_line, "x") > 5',
    "startsWith(process.command_line, process.name)",
    "process.pid == 1",
    "process.pid >= 100",
    'process.name == "sh"',
    'process.name : "python*"',
    'process.executable : "/tmp/*"',
    'process.args == "-c"',
    'process.args : "--token=*"',
    "process.args_count >= 4",
    'process.parent.name == "nginx"',
    'user.id == "0"',
    "container.id != null",
)


@cache
def rule_of(condition: str) -> Rule:
    """A rule about programs being executed on Linux that asks for one condition more."""
    head = 'process where host.os.type == "linux" and event.type == "start" and event.action == "exec"'
    return converter.parse(f"{head} and {condition}", language="eql")
