"""Order units (UN/ECE Recommendation 20): which of them are counted and which are measured."""

MEASURED = frozenset(
    {
        *("KGM", "GRM", "MGM", "TNE", "DTN", "LBR"),
        *("MTR", "CMT", "MMT", "DMT", "KMT", "LM"),
        *("MTK", "CMK", "DMK", "HAR", "ARE"),
        *("LTR", "MLT", "CLT", "DLT", "HLT", "MTQ", "CMQ", "DMQ"),
        *("SEC", "MIN", "HUR", "DAY", "WEE", "MON", "ANN"),
        *("KWH", "MWH", "WHR", "GWH", "KWT", "JOU", "GJ"),
        *("E48", "P1"),
    }
)
"""Units that may be ordered in parts: mass, length, area, volume, time, energy, services, percent.
Every other unit is counted in whole numbers."""


def is_countable(unit: str) -> bool:
    """Whether a quantity in this unit must be a whole number: nobody delivers half a piece.

    unit: a code of UN/ECE Recommendation 20; a code not known here is counted.
    """
    return unit not in MEASURED
