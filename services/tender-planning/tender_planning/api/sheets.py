"""A sheet as an HTTP answer."""

from collections.abc import Iterable
from typing import TypeVar

from fastapi import Depends, Response
from pydantic import BaseModel

from marktbund.auth import within
from tender_planning.views.demand import EXPORT_ROWS, too_large
from tender_planning.views.spreadsheet import Columns, SheetRow, sheet

Asked = TypeVar("Asked", bound=BaseModel)
EXPORTED = Depends(within("exports"))
"""For doors that hand out a sheet: they count in a quota of their own."""


def whole(question: Asked) -> Asked:
    """The same question for all of it: a sheet is never cut where a page ends."""
    most = EXPORT_ROWS + 1
    cuts = {"limit": most, "after": 0, "members": most, "classes": most}
    known = {name: cut for name, cut in cuts.items() if name in type(question).model_fields}
    return question.model_copy(update=known)


def as_sheet(columns: Columns[SheetRow], rows: Iterable[SheetRow], name: str) -> Response:
    """The rows as a CSV file to download under a German name. Raises TooLarge above EXPORT_ROWS."""
    written = list(rows)
    if len(written) > EXPORT_ROWS:
        raise too_large("Bitte weniger Monate oder Teile wählen.")
    return Response(
        sheet(columns, written),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
