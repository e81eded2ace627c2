"""`prepd check`: whether all that prepd needs is there and right, each with its remedy. Changes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.exits import Exit, Stopped, worst

if TYPE_CHECKING:
    from daemon.checks import Check
    from daemon.config import Config, ConfigError


_BELOW = " " * 6
"""Before what stands beneath the name of a check."""


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_check)


def _check(context: Context) -> Exit:
    found: list[Check] = []
    for check in _checks(context):
        found.append(check)
        if not context.json:
            _show(context, check)
    if context.json:
        from daemon.render import documents

        context.terminal.json({"version": documents.VERSION, "checks": [_document(c) for c in found]})
    else:
        _sum_up(context, found)
    return worst([c.exit_code for c in found if not c.ok])


def _checks(context: Context) -> Iterator[Check]:
    from daemon import accounts
    from daemon.checks.machine import machine_checks
    from daemon.checks.provider import provider_checks
    from daemon.checks.unit import unit_checks
    from daemon.checks.verdict import Check
    from daemon.config import ConfigError

    try:
        config: Config = context.config
    except ConfigError as error:
        yield _config_is_wrong(error, context.config_file.exists())
        return
    try:
        paths = context.paths
    except Stopped as error:
        yield Check("state", False, str(error))
        return
    yield from machine_checks(config, context.config_file, paths)
    for options in config.account:
        yield from provider_checks(
            config,
            options,
            paths,
            context.clock,
            lambda wanted: accounts.open_account(config, wanted, paths),
        )
    yield from unit_checks(context.environment)


def _config_is_wrong(error: ConfigError, exists: bool) -> Check:
    from daemon.checks.verdict import Check

    if exists:
        return Check("config", False, str(error), "Mend the file.", exit_code=Exit.CONFIG)
    remedy = "`prepd init` writes one, asking; or name another with --config."
    return Check("config", False, f"There is no config at {error.file}.", remedy, exit_code=Exit.CONFIG)


def _document(check: Check) -> dict[str, object]:
    return {
        "name": check.name,
        "account": check.account,
        "ok": check.ok,
        "detail": check.detail,
        "remedy": check.remedy,
    }


def _show(context: Context, check: Check) -> None:
    """Each as soon as it is known: some wait for a network."""
    from daemon.render.lines import Style, Styled

    mark = Styled("ok  ", Style.GOOD) if check.ok else Styled("BAD ", Style.BAD)
    name = f"{check.account}: {check.name}" if check.account else check.name
    first, *more = check.detail.split("\n")
    say = context.terminal.paragraph
    say(mark, Styled(name, Style.STRONG), "  ", first, rest=_BELOW)
    for line in more:
        say(_BELOW, line.strip(), rest=_BELOW)
    if check.remedy:
        say(_BELOW, Styled(check.remedy, Style.QUIET if check.ok else Style.NOTICE), rest=_BELOW)


def _sum_up(context: Context, found: list[Check]) -> None:
    bad = sum(not check.ok for check in found)
    context.terminal.line()
    if not bad:
        context.terminal.line("All is well.")
        return
    if len(found) == 1:
        context.terminal.line("Nothing else can be checked before that.")
        return
    context.terminal.line(f"{bad} of {len(found)} checks {'needs' if bad == 1 else 'need'} you.")
