"""Figures for Prometheus at /metrics; a token with the scope `metrics` sees these and nothing else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from anchorwatch.console import metrics
from anchorwatch.console.routes.counter import STRICT, Here
from anchorwatch.console.security import Person, needs

router = APIRouter(tags=["status"], dependencies=STRICT)


@router.get(
    "/metrics",
    operation_id="get_metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Figures"}},
)
def get_metrics(room: Here, person: Annotated[Person, Depends(needs("metrics"))]) -> Response:
    """Return the figures of the watch in the text format of Prometheus."""
    return Response(metrics.text(room), media_type=metrics.CONTENT_TYPE)
