"""`prepd demo --serve`: the emulated calendars as web pages on this machine, to look around in and to play with.

Whoever sits there plays everybody: Alex, whose calendars they are, and the others; and lets time go by. The cycle is
the real one. What a page shows is in a module for each; `site` leads to them, `web` speaks HTTP and knows no page.
"""

from __future__ import annotations

import signal
import webbrowser

from daemon.commands.demo.serve.site import Site
from daemon.commands.demo.serve.web import listening
from daemon.commands.demo.stage import Stage
from daemon.commands.terminal import Terminal
from daemon.render.lines import Style, Styled


def serve(stage: Stage, port: int, terminal: Terminal, *, opens: bool) -> None:
    """Serves until it is interrupted.

    :raises Stopped: the port can't be listened on.
    """
    site = Site(stage)
    with listening(site, port) as server:
        terminal.line()
        terminal.line(Styled("Look around", Style.STRONG), Styled("  (Ctrl-C ends it)", Style.QUIET))
        terminal.line(server.address)
        terminal.stream.flush()
        if opens:
            webbrowser.open(server.address)
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            terminal.line()
        finally:
            signal.signal(signal.SIGTERM, before)
            server.server_close()
            site.end()
