"""`prepd config schema`: the JSON Schema of the config, for editors."""

from __future__ import annotations

import argparse
import json

from daemon.commands.context import Context
from daemon.exits import Exit


def configure(parser: argparse.ArgumentParser, _verb: str, common: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(title="verbs", metavar="VERB")
    schema = acts.add_parser("schema", help="print the JSON Schema of the config", parents=[common])
    schema.set_defaults(run=_schema)


def _schema(context: Context) -> Exit:
    from daemon.config.schema import schema

    context.terminal.json_text(json.dumps(schema(), indent=2, ensure_ascii=False))
    return Exit.OK
