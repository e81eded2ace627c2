"""What the config means to the core: the rules of detection, and what is wished for on calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from connectors.values import Access
from daemon.apply.template import private_prompts
from daemon.config import Config, Provider
from daemon.config.options import AccountOptions, AttachTo, Share
from daemon.core.detect import Rules
from daemon.core.model import Acquaintance, Owner
from daemon.core.planning.wishes import Wishes
from daemon.core.texts import SlotWords

_EVERYBODYS = frozenset(Owner)
_OTHERS = frozenset({Owner.THEM, Owner.OTHER})


def rules(config: Config, addresses: Iterable[str]) -> Rules:
    """:param addresses: the user's own on all accounts, whose people may invite them at any of them."""
    people: dict[str, Acquaintance] = {}
    for person in config.person:
        known = Acquaintance(person.email, person.name, person.role, person.one_on_one)
        people |= dict.fromkeys((person.email, *person.aliases), known)
    return Rules(
        me=frozenset({*config.detect.me, *addresses}),
        one_off=config.detect.one_off,
        max_duration=config.detect.max_duration,
        patterns=config.detect.titles,
        ignore=config.detect.ignore,
        people=people,
    )


def wishes(config: Config) -> Wishes:
    attach = config.prep_doc.attach_to
    shared = config.prep_doc.share is not Share.NONE
    return Wishes(
        zone=config.timezone,
        horizon=config.sync.horizon,
        pages=config.prep_doc.enabled,
        link_invites=config.prep_doc.enabled and attach is AttachTo.AUTO,
        link_slots=config.prep_doc.enabled and attach is not AttachTo.NONE,
        slots=config.reflection.enabled,
        length=timedelta(minutes=config.reflection.minutes),
        look_back=config.reflection.look_back,
        words=SlotWords(
            config.reflection.title, config.reflection.prompts, private_prompts() if shared else ()
        ),
        invite_links={account.name: _linkable(config, account) for account in config.account},
    )


def access(config: Config) -> Access | None:
    """What the counterpart may do with the doc; None where it is shared with nobody."""
    return None if config.prep_doc.share is Share.NONE else Access(config.prep_doc.share.value)


def _linkable(config: Config, account: AccountOptions) -> frozenset[Owner]:
    """On whose events a link may go without mailing anybody: see docs/design.md, "Prep doc"."""
    if account.provider is Provider.OUTLOOK and not config.prep_doc.outlook_update_own_invites:
        return _OTHERS
    return _EVERYBODYS
