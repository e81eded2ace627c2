"""The process that sends one message: an order on stdin, a line of JSON on stdout for each URL as its service answers.

Nothing of Apprise's own is read from disk or kept there: no config files, no plugins of the user's, no storage.
What it logs may hold secrets, and goes nowhere; only the number of an HTTP status is taken from it.
"""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import apprise

from daemon import codec
from daemon.notify import Answer, Order

_STATUS = re.compile(r"\berror=(\d{3})\b")
_TOGETHER = 8
_one_line = Lock()


def main() -> None:
    order = codec.decode(sys.stdin.buffer.read(), Order)
    with ThreadPoolExecutor(_TOGETHER) as threads:
        for number in range(len(order.urls)):
            threads.submit(_answer, number, order)
    os._exit(0)  # all is said: a thread of Apprise's that waits for a service holds nobody up


def _answer(number: int, order: Order) -> None:
    try:
        why = _sent(order.urls[number], order)
    except Exception as error:  # noqa: BLE001  # a service's plugin; its message may hold the URL
        why = f"it failed ({type(error).__name__})"
    with _one_line:
        sys.stdout.buffer.write(codec.encode(Answer(number, why)) + b"\n")
        sys.stdout.buffer.flush()


def _sent(url: str, order: Order) -> str:
    """Why a message was not sent, in a few words; empty where it was."""
    asset = apprise.AppriseAsset(
        app_id="prepd",
        app_desc="prepd",
        app_url="",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        service_timeout=order.timeout,
        pgp_autogen=False,
        pem_autogen=False,
    )
    service = apprise.Apprise(asset=asset)
    if not service.add(url):
        return "Apprise can't read this URL"
    result = service.notify(
        title=order.title, body=order.text, body_format=apprise.NotifyFormat.TEXT, timeout=order.timeout
    )
    if result:
        return ""
    if result.status is apprise.AppriseResultStatus.TIMEOUT:
        return "it did not answer in time"
    statuses = [found[1] for entry in result.logs() if (found := _STATUS.search(entry.message))]
    return f"it answered HTTP {statuses[-1]}" if statuses else "it could not be reached, or refused"


if __name__ == "__main__":
    main()
