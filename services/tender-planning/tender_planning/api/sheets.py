"""A sheet as an HTTP answer."""

from collections.abc import Iterable
from typing import Any

from fastapi import Depends, Response

from marktbund.auth import within
from tender_planning.views.spreadsheet import Columns, sheet

EXPORTED = Depends(within("exports"))
"""For doors that hand out a sheet: they count in a quota of their own."""


def as_sheet(columns: Columns, rows: Iterable[Any], name: str) -> Response:
    """The rows as a CSV file to download under a German name."""
    return Response(
        sheet(columns, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
