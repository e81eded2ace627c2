"""The config: every option (`options`), read strictly (`read`), and its JSON Schema (`schema`)."""

from daemon.config.options import (
    AccountOptions,
    Config,
    GoogleAccount,
    OutlookAccount,
    PersonOptions,
    Provider,
)
from daemon.config.read import ConfigError, Problem, load, system_zone

__all__ = [
    "AccountOptions",
    "Config",
    "ConfigError",
    "GoogleAccount",
    "OutlookAccount",
    "PersonOptions",
    "Problem",
    "Provider",
    "load",
    "system_zone",
]
