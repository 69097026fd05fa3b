"""The API against its own OpenAPI document: whatever is sent is answered as the document says, never with a 5xx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api_room import Desk, desk_in
from test_ogc import served

OURS = ("/api/v1/", "/tiles/", "/ogc", "/metrics", "/handover", "/healthz", "/readyz")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 30  # of each operation and mode; a thousand were run by hand


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("room"), alerts=30) as opened:
        yield opened


@pytest.fixture(scope="module")
def url(desk: Desk) -> Iterator[str]:
    with served(desk) as address:
        yield address


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_breaks_the_api(desk: Desk, url: str, mode: GenerationMode) -> None:
    document = desk.get("/api/v1/openapi.json")
    headers = {"Authorization": f"Bearer {desk.tokens['chief']}"}
    tried: set[str] = set()
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # ours is valid
        if not operation.path.startswith(OURS) or (mode is GenerationMode.NEGATIVE and not takes(operation)):
            continue

        @seed(11)
        @settings(
            max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: Any) -> None:
            case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)

        holds()
        tried.add(operation.path)
    assert len(tried) > 15


def takes(operation: Any) -> bool:
    """Tell whether an operation takes anything that could be wrong."""
    return bool(len(operation.query) or len(operation.path_parameters) or len(operation.body))
