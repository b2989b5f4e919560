"""How is the API described to people? Its own description, as one page without any script.

The usual pages for this load scripts and styles from another host; here nothing leaves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ui.rendering import escape
from ui.wording import Wording

_STYLE = """
:root { color-scheme: light dark; --ink: #1d1f23; --paper: #fbfaf7; --line: #ddd9ce;
  --accent: #0b5c6b; --soft: #f4f2ec; }
@media (prefers-color-scheme: dark) { :root { --ink: #eae8e2; --paper: #16181b;
  --line: #373c43; --accent: #86cfdb; --soft: #1d2024; } }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
h3 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 2rem 0 .25rem;
  border-top: 1px solid var(--line); padding-top: 1rem; overflow-wrap: anywhere; }
h4 { font-size: .9rem; margin: .75rem 0 .25rem; } p { margin: .25rem 0; }
a { color: var(--accent); } .verb { color: var(--accent); margin-right: .75em; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
td { border-top: 1px solid var(--line); padding: .3rem .75rem .3rem 0; vertical-align: top; }
td:first-child { width: 12rem; overflow-wrap: anywhere; } td:nth-child(2) { width: 13rem; }
code { font-family: ui-monospace, monospace; font-size: .92em; }
"""

Json = Mapping[str, Any]


def describe(openapi: Json, wording: Wording) -> str:
    """Write the description ``openapi`` as a page for people."""
    info = openapi["info"]
    return "".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>",
            f'<p><a href="openapi.json">{escape(wording("api.file"))}</a> · ',
            f'<a href="/">{escape(wording("api.back"))}</a></p>',
            *(
                _operation(path, verb, operation, wording)
                for path, verbs in openapi["paths"].items()
                for verb, operation in verbs.items()
            ),
            f"<h2>{escape(wording('api.objects'))}</h2>",
            *(
                _object(name, schema, wording)
                for name, schema in openapi["components"]["schemas"].items()
            ),
            "</main></body></html>",
        ]
    )


def _operation(path: str, verb: str, operation: Json, wording: Wording) -> str:
    given = [
        (parameter["name"], _type(parameter["schema"]), _words(parameter, wording))
        for parameter in operation.get("parameters", [])
    ]
    body = [
        (kind, _type(content["schema"]), "")
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
    ]
    answers = [
        (status, " · ".join(_types_of(response)), escape(response["description"]))
        for status, response in operation["responses"].items()
    ]
    return (
        f'<h3><span class="verb">{escape(verb.upper())}</span>{escape(path)}</h3>'
        f"<p>{escape(operation['description'])}</p>"
        f"{_table(wording('api.parameters'), given)}{_table(wording('api.body'), body)}"
        f"{_table(wording('api.answers'), answers)}"
    )


def _types_of(response: Json) -> Iterator[str]:
    for content in response.get("content", {}).values():
        yield _type(content["schema"])


def _object(name: str, schema: Json, wording: Wording) -> str:
    required = schema.get("required", ())
    fields = [
        (field, _type(described), _words({**described, "required": field in required}, wording))
        for field, described in schema.get("properties", {}).items()
    ]
    return (
        f'<h3 id="{escape(name)}">{escape(name)}</h3>'
        f"<p>{escape(schema.get('description', ''))}</p>{_table('', fields)}"
    )


def _words(described: Json, wording: Wording) -> str:
    optional = "" if described["required"] else f"({wording('api.optional')})"
    return escape(f"{described.get('description', '')} {optional}".strip())


def _table(title: str, rows: list[tuple[str, str, str]]) -> str:
    """Write rows of a name, a type (HTML) and words (HTML)."""
    if not rows:
        return ""
    heading = f"<h4>{escape(title)}</h4>" if title else ""
    cells = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{kind}</td><td>{words}</td></tr>"
        for name, kind, words in rows
    )
    return f"{heading}<table>{cells}</table>"


def _type(schema: Json) -> str:
    """Name a type, with a link to the object that it is; HTML."""
    if "$ref" in schema:
        name = escape(str(schema["$ref"]).rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return escape(" | ".join(json.dumps(value) for value in values))
    if schema.get("type") == "array":
        items = schema.get("items") or {"anyOf": schema.get("prefixItems", [])}
        return f"[{_type(items)}…]"
    if schema.get("type") == "object" and "properties" in schema:
        inside = ", ".join(
            f"{escape(name)}: {_type(field)}" for name, field in schema["properties"].items()
        )
        return f"{{{inside}}}"
    return escape(str(schema.get("type", "")))
