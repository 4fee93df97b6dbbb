"""A sheet as an HTTP answer."""

from collections.abc import Iterable
from typing import Any

from fastapi import Response

from tender_planning.views.spreadsheet import Columns, sheet


def as_sheet(columns: Columns, rows: Iterable[Any], name: str) -> Response:
    """The rows as a CSV file to download under a German name."""
    return Response(
        sheet(columns, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
