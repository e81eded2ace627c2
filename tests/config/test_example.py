"""config.example.toml names every option, tells its default, and loads."""

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import jsonschema
import pytest

from daemon.config import load
from daemon.config.options import ACCOUNTS, Config
from daemon.config.read import parse
from daemon.config.schema import schema

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def uncommented():
    """The example with every option that is commented out put to work."""
    return re.sub(r"(?m)^# (?=\[|\w+ = )", "", EXAMPLE.read_text())


def keys_of(cls):
    return {f.name for f in fields(cls) if f.metadata}


def test_the_example_loads_as_it_stands():
    assert [account.name for account in load(EXAMPLE).account] == ["work"]


def test_the_example_loads_with_everything_in_it_put_to_work():
    config = parse(tomllib.loads(uncommented()), EXAMPLE)
    assert [account.provider for account in config.account] == ["google", "outlook"]
    assert config.person_of("d@example.com").name == "Dana"


def test_what_stands_in_the_example_is_the_default():
    config = load(EXAMPLE)
    bare = Config(timezone=config.timezone, account=config.account, folder=config.folder)
    assert config == bare


def test_every_option_stands_in_the_example():
    document = tomllib.loads(uncommented())
    assert set(document) == keys_of(Config)
    for f in fields(Config):
        if "section" in f.metadata:
            assert set(document[f.name]) == keys_of(f.metadata["section"]), f.name
    assert set(document["person"][0]) == keys_of(fields_by_name()["person"].metadata["sections"])
    assert set(document["report"]["red_flag"]) == {"cancellations", "within"}
    for account in document["account"]:
        assert set(account) == keys_of(ACCOUNTS[account["provider"]])


def fields_by_name():
    return {f.name: f for f in fields(Config)}


def test_every_line_with_an_option_fits_a_page():
    assert [line for line in EXAMPLE.read_text().splitlines() if len(line) > 116] == []


@pytest.mark.parametrize("text", [EXAMPLE.read_text(), uncommented()], ids=["as it stands", "uncommented"])
def test_the_example_is_valid_by_the_schema(text):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(tomllib.loads(text), schema(), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "path",
    [(), ("sync",), ("account", 0), ("account", 1), ("person", 0), ("report", "red_flag")],
    ids=str,
)
def test_an_unknown_key_is_invalid_by_the_schema(path):
    document = tomllib.loads(uncommented())
    table = document
    for step in path:
        table = table[step]
    table["unheard_of"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema(), cls=jsonschema.Draft202012Validator)


def options_of(table):
    for name, option in table.get("properties", {}).items():
        yield name, option
        yield from options_of(option)
        items = option.get("items", {})
        for kind in items.get("oneOf", [items]):
            yield from options_of(kind)


def test_the_schema_describes_every_option():
    assert [name for name, option in options_of(schema()) if not option.get("description")] == []


def test_the_defaults_of_the_schema_are_valid_by_it():
    document = {"account": tomllib.loads(EXAMPLE.read_text())["account"]}
    for name, table in schema()["properties"].items():
        if table.get("type") == "object":
            document[name] = {key: o["default"] for key, o in table["properties"].items() if "default" in o}
    jsonschema.validate(document, schema(), cls=jsonschema.Draft202012Validator)
    config = parse(document, EXAMPLE)
    assert config == replace(load(EXAMPLE), timezone=config.timezone)


def test_the_examples_of_the_schema_are_valid_by_it():
    for name, option in options_of(schema()):
        for example in option.get("examples", []):
            jsonschema.validate(example, option, cls=jsonschema.Draft202012Validator), name
