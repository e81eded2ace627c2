"""Notification services that only listen: what prepd tells them, and how it fares when they don't answer."""

from __future__ import annotations

from daemon.notify import NotSent, url_key

URL = "json://notifications.example.com"
IN_CONFIG = f'[notify]\nurls = ["{URL}"]\n'


class Services:
    """Stands for `daemon.notify.send`. `down` are the URLs that take nothing for now."""

    def __init__(self) -> None:
        self.messages = []
        self.tries = 0
        self.down = set()

    def send(self, urls, message, _network, _cache_dir, had=frozenset()):
        wanted = [url for url in urls if url_key(url) not in had]
        self.tries += 1
        taken = [url for url in wanted if url not in self.down]
        self.messages += [message] * bool(taken)
        if len(taken) < len(wanted):
            raise NotSent(
                "No notification was sent (json: it did not answer)", frozenset(map(url_key, taken))
            )

    @property
    def titles(self) -> list[str]:
        return [message.title.removeprefix("prepd: ") for message in self.messages]
