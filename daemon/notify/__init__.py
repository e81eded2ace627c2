"""Tells people, through whatever notification services they use: the door to Apprise.

Apprise takes 0.7 s and 50 MB to load, and its hundred services have habits of their own. So it runs in a process of its
own (`daemon.notify.child`) that lives for one message: what is to be sent goes in by stdin, nothing stands on a command
line, and one that hangs is ended. The URLs hold secrets: no sentence and no log names more than the kind of service.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from connectors.errors import Misconfigured
from connectors.frozen import dataclass
from connectors.tls import trusted_authorities
from daemon import codec
from daemon.config.options import Network
from daemon.core.model import short_hash

log = logging.getLogger(__name__)

_STARTING = 15.0
"""Seconds that the process is given beside the config's time-out, to load Apprise and to end."""
_LONGEST = 60.0
"""Seconds that all services together are given at most: a cycle waits for them."""
_CHILD = ("-P", "-m", "daemon.notify.child")
_HERE = "localhost,127.0.0.1,::1"


@dataclass(frozen=True, slots=True)
class Message:
    """What to say, as plain text. It leaves the machine: no more in it than its reader needs."""

    title: str
    text: str


class NotSent(Exception):
    """Some service did not take a message. Says which kind, and why as far as it is known; never the URL.

    `taken` are those that did take it (`url_key`).
    """

    def __init__(self, message: str, taken: frozenset[str] = frozenset()) -> None:
        super().__init__(message)
        self.taken = taken


@dataclass(frozen=True, slots=True)
class Order:
    """What the child is told, by stdin."""

    urls: tuple[str, ...]
    title: str
    text: str
    timeout: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child says of one URL, a line for each. `why` is a few words of ours, empty where it was taken."""

    number: int
    why: str


def url_key(url: str) -> str:
    """Stands for a URL where it must be remembered that it took a message."""
    return short_hash("notify", url)


def send(
    services: Iterable[str],
    message: Message,
    network: Network,
    cache_dir: Path,
    taken: Container[str] = frozenset(),
) -> None:
    """Sends a message to every one of `services`. Takes seconds; does nothing where there are none.

    :param cache_dir: where the authorities of `network.ca_bundle` are put together with the usual ones.
    :param taken: those that have it already (`url_key`), and don't get it again.
    :raises NotSent: at least one did not take it, or nobody knows whether it did. The others have it.
    """
    urls = [url for url in services if url_key(url) not in taken]
    if not urls:
        return
    timeout = min(network.timeout.total_seconds(), _LONGEST)
    order = Order(tuple(urls), message.title, message.text, timeout)
    answers = _asked(order, _environment(network, cache_dir))
    failed = {
        number: answers.get(number, "it did not answer in time")
        for number in range(len(urls))
        if answers.get(number) != ""
    }
    if failed:
        raise NotSent(
            _sentence(urls, failed), frozenset(url_key(u) for n, u in enumerate(urls) if n not in failed)
        )


def _asked(order: Order, environment: Mapping[str, str]) -> dict[int, str]:
    """What became of each URL, by its number."""
    command = [sys.executable, *_CHILD]
    try:
        ended = subprocess.run(  # noqa: S603  # ourselves
            command,
            input=codec.encode(order),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=order.timeout + _STARTING,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    except OSError as error:
        raise NotSent(f"No notification was sent: its process can't be started ({error.strerror})") from None
    else:
        said = ended.stdout
        if ended.returncode:
            log.warning("the process that sends notifications ended with %d", ended.returncode)
    return {answer.number: answer.why for answer in _answers(said.splitlines())}


def _answers(lines: Iterable[bytes]) -> Iterable[Answer]:
    for line in lines:
        try:
            yield codec.decode(line, Answer)
        except codec.CodecError:
            continue  # a service's library talks on stdout


def _environment(network: Network, cache_dir: Path) -> dict[str, str]:
    """The environment with our authorities, and without what the libraries would read of the user's files."""
    try:
        trusted = str(trusted_authorities(network.ca_bundle, cache_dir))
    except Misconfigured as wrong:
        raise NotSent(f"No notification was sent. {wrong}") from None
    direct = ",".join(filter(None, (os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), _HERE)))
    return {
        **os.environ,
        **dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), trusted),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), direct),
        "NETRC": os.devnull,
        "PYTHONIOENCODING": "utf-8",
    }


def _sentence(urls: Sequence[str], failed: Mapping[int, str]) -> str:
    told = "; ".join(dict.fromkeys(f"{_kind(urls[n])}: {why}" for n, why in failed.items()))
    all_of = (
        "No notification was sent" if len(failed) == len(urls) else "A notification did not go everywhere"
    )
    return f"{all_of} ({told}). Check notify.urls in the config, and that the service is reachable"


def _kind(url: str) -> str:
    """The kind of service: what stands before ://, in a config that was checked."""
    kind = url.partition("://")[0].lower()
    return (
        kind if kind.replace("+", "").replace("-", "").replace(".", "").isalnum() and len(kind) < 20 else "?"
    )
