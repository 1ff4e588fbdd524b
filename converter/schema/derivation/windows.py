"""How Windows programs split a command line (`CommandLineToArgvW`)."""

BLANKS = " \t"


def split_command_line(line: str) -> tuple[str, ...]:
    """The arguments, the program first.

    The program ends at a blank, or at the closing quote if it begins with one. In the others quotes are dropped,
    `""` inside quotes is a quote, and backslashes before a quote count half: an odd one makes the quote literal.
    """
    rest = line.lstrip(BLANKS)
    if not rest:
        return ()
    program, rest = _program(rest)
    arguments = [program]
    while rest := rest.lstrip(BLANKS):
        argument, rest = _argument(rest)
        arguments.append(argument)
    return tuple(arguments)


def _program(line: str) -> tuple[str, str]:
    if line.startswith('"'):
        program, _, rest = line[1:].partition('"')
        return program, rest
    end = next((index for index, char in enumerate(line) if char in BLANKS), len(line))
    return line[:end], line[end:]


def _argument(line: str) -> tuple[str, str]:
    argument: list[str] = []
    quoted = False
    index = 0
    while index < len(line):
        char = line[index]
        if char == "\\":
            slashes = _run_of_backslashes(line, index)
            index += slashes
            before_quote = line[index : index + 1] == '"'
            argument.append("\\" * (slashes // 2 if before_quote else slashes))
            if before_quote and slashes % 2:
                argument.append('"')
                index += 1
        elif char == '"':
            if quoted and line[index + 1 : index + 2] == '"':
                argument.append('"')
                index += 1
            else:
                quoted = not quoted
            index += 1
        elif char in BLANKS and not quoted:
            break
        else:
            argument.append(char)
            index += 1
    return "".join(argument), line[index:]


def _run_of_backslashes(line: str, start: int) -> int:
    end = start
    while end < len(line) and line[end] == "\\":
        end += 1
    return end - start
