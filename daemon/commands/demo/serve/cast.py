"""Who is who in the demo's story, and whose part can be played in which account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from daemon.commands.demo.world import World
from sandbox.google.account import Account as GoogleAccount
from sandbox.microsoft.account import Account as OutlookAccount

Player: TypeAlias = GoogleAccount | OutlookAccount

WORK, CLIENT = "work", "client"
"""The names of Alex's two accounts in the config."""
SHOWN = {WORK: "Work", CLIENT: "Client"}
PROVIDER = {WORK: "Google Calendar", CLIENT: "Outlook"}


class Cast:
    def __init__(self, world: World) -> None:
        self._world = world
        self._players: dict[str, list[Player]] = {
            WORK: [world.alex, world.dana, world.sam, world.priya, world.lee],
            CLIENT: [world.client_alex, world.noor, world.pat, world.client_dana],
        }

    def alex(self, account: str) -> Player:
        return self._players[account][0]

    def others(self, account: str) -> Iterator[Player]:
        """Who can invite Alex there. Dana, who is no one at the client's, does so at work."""
        return (player for player in self._players[account][1:] if player is not self._world.client_dana)

    def player(self, account: str, address: str) -> Player | None:
        """Whoever has that address, if their part can be played."""
        return next((p for p in self._players.get(account, ()) if p.email == address), None)

    def is_alex(self, address: str) -> bool:
        return address in (self._world.alex.email, self._world.client_alex.email)

    def name(self, address: str) -> str:
        """What they are called; their address, if nobody knows."""
        everybody = (player for players in self._players.values() for player in players)
        return next((player.name for player in everybody if player.email == address), address)


def first_name(name: str) -> str:
    return name.partition(" ")[0]
