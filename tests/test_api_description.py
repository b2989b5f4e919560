"""Does the HTTP API do what its own description says? Asked by a program that reads it."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance

from ui.api import create_api
from ui.desk import Desk
from ui.service import Service

EXAMPLES = 15
"""For each operation; they are the same on every run."""


OPERATIONS = (
    "POST /api/ask",
    "POST /api/search",
    "GET /api/documents",
    "GET /api/documents/{id}/text",
    "POST /api/verify",
    "GET /api/health",
)


@pytest.fixture(scope="module")
def description(tmp_path_factory, make_tiny_library):
    folder = tmp_path_factory.mktemp("described")
    assistant = make_tiny_library(folder, {"offer.txt": "We repair the roof for 4,200 euros."})
    app = create_api(Service(assistant), Desk(), Desk())
    return schemathesis.openapi.from_asgi("/api/openapi.json", app)


def test_every_operation_is_tried(description):
    """No operation of the description is left out below."""
    described = {
        f"{verb.upper()} {path}"
        for path, verbs in description.raw_schema["paths"].items()
        for verb in verbs
    }
    assert described == set(OPERATIONS)


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        *((operation, GenerationMode.POSITIVE) for operation in OPERATIONS),
        # To the others nothing can be sent wrongly.
        *(
            (operation, GenerationMode.NEGATIVE)
            for operation in OPERATIONS
            if "POST" in operation or "text" in operation
        ),
    ],
)
def test_the_api_does_what_it_says(description, operation, mode):
    """Statuses, types and forms of responses are as described, whatever is sent."""
    verb, path = operation.split()
    described = description[path][verb]

    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
    @given(case=described.as_strategy(generation_mode=mode))
    def holds(case):
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    holds()
