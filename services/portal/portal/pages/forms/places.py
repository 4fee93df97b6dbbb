"""Where a refusal stands in a form: a service names its own fields, people know the form's."""

import re
from collections.abc import Mapping, Sequence

_ROW = re.compile(r"(?:^|\.)\w+\[([0-9]{1,4})\](?:\.([A-Za-z_.\[\]0-9]+))?$")


def in_row(field: str, rows: Sequence[int | str], names: Mapping[str, str], otherwise: str) -> str:
    """The form's field for one in a list of the service's body, as `lines[2].quantity`.

    rows: what each row of that list is called in the form. names: the service's field -> how the
    form's begins. Everything else stands at `otherwise`.
    """
    row = _ROW.search(field)
    if row is None or int(row[1]) >= len(rows):
        return otherwise
    first = next(iter(names.values()))
    return f"{names.get((row[2] or '').rsplit('.', 1)[-1], first)}-{rows[int(row[1])]}"
