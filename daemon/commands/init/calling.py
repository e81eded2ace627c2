"""Calls another verb of the command line from within one, on the same config and state."""

from __future__ import annotations

from daemon.commands.context import Context
from daemon.exits import Exit


def call(context: Context, *words: str) -> Exit:
    """What it says goes where it says it. A failure is told, and is an exit code: the caller goes on."""
    from daemon.commands.failures import failure_of, tell
    from daemon.commands.main import parser_for

    args = parser_for(words).parse_args(words)
    for name in ("config", "state_dir"):
        if (given := getattr(context.args, name, None)) is not None:
            setattr(args, name, given)
    try:
        code: Exit = args.run(Context(args, context.environment, clock=context.clock))
    except Exception as error:  # noqa: BLE001  # each becomes a sentence, as at the command line
        failure = failure_of(error)
        tell(failure, error, verbose=context.verbose)
        return failure.exit_code
    return code
