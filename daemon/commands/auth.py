"""`prepd auth login`, `status` and `logout`: how each account of the config is signed in."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import socket
from collections.abc import Callable, Mapping
from typing import Any

from connectors.errors import ConnectorError
from daemon import accounts
from daemon.accounts import SignInState
from daemon.commands.context import Context
from daemon.commands.failures import exit_of
from daemon.config.options import AccountOptions
from daemon.exits import Exit, worst


def configure(parser: argparse.ArgumentParser, _verb: str, common: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(title="verbs", metavar="VERB")
    login = acts.add_parser("login", help="sign in to an account", parents=[common])
    login.add_argument("account", metavar="ACCOUNT", help="its name in the config")
    login.add_argument(
        "--no-browser",
        action="store_true",
        help="print an address (Microsoft: and a code) instead of opening it",
    )
    login.add_argument(
        "--port", type=_port, default=0, metavar="N", help="where to wait for the browser's answer"
    )
    login.set_defaults(run=_login)
    status = acts.add_parser("status", help="where you are signed in", parents=[common])
    status.add_argument("--json", action="store_true", help="print JSON")
    status.set_defaults(run=_status)
    logout = acts.add_parser("logout", help="sign out of an account", parents=[common])
    logout.add_argument("account", metavar="ACCOUNT", help="its name in the config")
    logout.set_defaults(run=_logout)


def _port(text: str) -> int:
    """Like argparse's own types: what it raises becomes a usage error."""
    if not (text.isdecimal() and text.isascii() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"“{text}” is not a port from 0 to 65535.")
    return int(text)


def _login(context: Context) -> Exit:
    options = context.account(context.args.account)
    browser = None if context.args.no_browser else _browser(context.environment)
    prompt = Prompt(opens=browser is not None)
    address = accounts.login(context.config, options, context.paths, prompt, browser, context.args.port)
    whose = f" as {address}" if address else ""
    context.terminal.line(f"Signed in to {options.name}{whose}.")
    return Exit.OK


def _logout(context: Context) -> Exit:
    options = context.account(context.args.account)
    there_was = context.paths.token(options.name).exists()
    revoked = accounts.logout(context.config, options, context.paths)
    if not there_was:
        context.terminal.line(f"You were not signed in to {options.name}: there is nothing to delete.")
        return Exit.OK
    with_provider = f" {options.provider.capitalize()} has withdrawn it too." if revoked else ""
    context.terminal.line(
        f"Signed out of {options.name}: the sign-in on this machine is deleted.{with_provider}"
    )
    return Exit.OK


def _status(context: Context) -> Exit:
    states, codes = [], []
    for options in context.config.account:
        state, code = _state(context, options)
        states.append((options, state))
        codes.append(code)
    if context.json:
        from daemon.render import documents

        context.terminal.json(
            {"version": documents.VERSION, "accounts": [_document(*entry) for entry in states]}
        )
    else:
        _show(context, states)
    return worst(codes)


def _state(context: Context, options: AccountOptions) -> tuple[SignInState, Exit]:
    """An account that can't be told of is no reason to be silent of the others."""
    try:
        state = accounts.sign_in_state(context.config, options, context.paths)
    except ConnectorError as error:
        return SignInState(signed_in=False, error=str(error)), exit_of(error)
    if state.misconfigured:
        return state, Exit.CONFIG
    return state, Exit.OK if _usable(state) else Exit.SIGN_IN


def _usable(state: SignInState) -> bool:
    return state.signed_in and not state.missing_scopes and not state.error


def _document(options: AccountOptions, state: SignInState) -> dict[str, Any]:
    return {
        "name": options.name,
        "provider": str(options.provider),
        "signed_in": state.signed_in,
        "address": state.address,
        "scopes": list(state.scopes),
        "missing_scopes": list(state.missing_scopes),
        "error": state.error,
    }


def _show(context: Context, states: list[tuple[AccountOptions, SignInState]]) -> None:
    from daemon.commands.terminal import Cell, Column
    from daemon.render import words
    from daemon.render.lines import Style, Styled

    rows: list[list[Cell]] = []
    for options, state in states:
        said = "signed in" if _usable(state) else "set-up needed" if state.misconfigured else "sign-in needed"
        rows.append(
            [
                Styled(options.name, Style.STRONG),
                str(options.provider),
                Styled(said, Style.GOOD if _usable(state) else Style.BAD),
                state.address,
            ]
        )
    context.terminal.table((Column("account"), Column("provider"), Column("state"), Column("address")), rows)
    for _options, state in states:
        if state.error:
            context.terminal.line()
            context.terminal.paragraph(words.sentence(state.error))


class Prompt:
    """Tells the user where to go while a sign-in waits. Every line is flushed: somebody waits for it.

    `opens` tells that a browser is about to open by itself.
    """

    def __init__(self, *, opens: bool) -> None:
        self._opens = opens

    def show_url(self, url: str, port: int) -> None:
        """The address stands on a line of its own, for programs and for copying."""
        if self._opens:
            print("Sign in with the browser that opens. If none does, go to:", flush=True)
            print(url, flush=True)
            return
        print(url, flush=True)
        print("Open it in a browser on this machine. From another machine, first run there:", flush=True)
        print(f"ssh -L {port}:127.0.0.1:{port} {_here()}", flush=True)

    def show_code(self, url: str, code: str) -> None:
        print(url, flush=True)
        print(f"Open it in any browser, and enter the code {code}", flush=True)


def _browser(environment: Mapping[str, str]) -> Callable[[str], None] | None:
    """What opens a browser. Without a display only one that takes over the terminal could be opened: none."""
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") or environment.get("BROWSER")):
        return None
    import webbrowser

    def open_browser(url: str) -> None:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(url)

    return open_browser


def _here() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        user = "user"
    return f"{user}@{socket.gethostname()}"
