"""The command group: commands are imported when they are used, and what is no command's name is an argument of the
default command."""

from importlib import import_module

import click

DEFAULT = "convert"
COMMANDS = {
    DEFAULT: "Converts rules (the default).",
    "verify": "Checks converted rules on events.",
    "evaluate": "Runs rules on events.",
    "inspect": "Shows what rules mean.",
    "fields": "Shows which fields a target has.",
    "targets": "Lists targets, profiles and formats.",
    "explain": "Explains a code.",
}
"""Every command is the object `command` of a module of its name in this package."""


class DefaultCommandGroup(click.Group):
    """`convert --to splunk rules/` is `convert convert --to splunk rules/`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            args = ["--help"]
        own = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        if args[0] not in COMMANDS and args[0] not in own:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"converter.cli.{cmd_name}").command
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The default command's options and the other commands on one page."""
        default = self.get_command(ctx, DEFAULT)
        formatter.write_usage(ctx.command_path, "[OPTIONS] PATH...  |  COMMAND ...")
        self.format_help_text(ctx, formatter)
        if default is not None:
            default.format_options(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items())[1:])
        if default is not None:
            default.format_epilog(ctx, formatter)
