"""What can be wrong with a cell of a register: one code, one weight and one sentence each.

The sentence is English here and translated where it is shown. Parameters never hold what the cell said: a
problem may be read by people who may not read the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Severity = Literal["error", "doubt", "remark"]
"""error: the row cannot be entered · doubt: a person must look first · remark: entered, and worth knowing."""


def _(text: str) -> str:
    """Mark a sentence for the catalogue."""
    return text


TEXTS: Mapping[str, tuple[Severity, str]] = {
    "no_header": ("error", _("no line of column titles (姓名 and others) in the first %(lines)s lines")),
    "sheet_unread": ("doubt", _("the sheet %(sheet)s looks like a register too, and was not read")),
    "map_field": ("error", _("there is no field %(field)s; fields are: %(fields)s")),
    "map_column": ("error", _("there is no column %(column)s")),
    "cell_error": ("doubt", _("the cell shows an Excel error")),
    "name_missing": ("error", _("the person has no name")),
    "name_odd": ("doubt", _("this does not look like a name only")),
    "sex_unknown": ("doubt", _("the sex is not understood")),
    "id_missing": ("doubt", _("the ID number of an adult is missing")),
    "id_missing_child": ("remark", _("the ID number of a child is missing")),
    "id_lost_digits": ("error", _("Excel kept this ID number as a number and lost its last digits")),
    "id_masked": ("doubt", _("the ID number is masked")),
    "id_length": ("error", _("an ID number has 18 digits, this one has %(digits)s")),
    "id_shape": ("error", _("an ID number has only digits, and X at the end")),
    "id_date": ("error", _("the birth date inside the ID number does not exist")),
    "id_check": ("error", _("the check digit of the ID number is wrong")),
    "id_old": ("remark", _("an ID number of 15 digits, written here in its form of 18")),
    "id_place": ("remark", _("the ID number begins with the code of no province")),
    "id_twice": ("doubt", _("line %(row)s has the same ID number and says something else")),
    "id_also": ("remark", _("line %(row)s has the same ID number; that line waits")),
    "id_born_differs": ("doubt", _("the birth date differs from the one in the ID number")),
    "id_sex_differs": ("doubt", _("the sex differs from the one in the ID number")),
    "phone_missing": ("remark", _("no telephone number")),
    "phone_shape": ("doubt", _("this is no telephone number (%(digits)s digits)")),
    "phone_lost_digits": ("doubt", _("Excel shortened this telephone number")),
    "phone_masked": ("doubt", _("the telephone number is masked")),
    "phone_words": ("remark", _("words beside the telephone number were left out")),
    "phone_no_area": ("remark", _("a landline without its area code")),
    "phone_zero": ("remark", _("the first 0 of a landline, lost by Excel, was put back")),
    "date_missing": ("remark", _("no birth date")),
    "date_shape": ("doubt", _("this is no date we can read")),
    "date_impossible": ("error", _("this date does not exist")),
    "date_ahead": ("error", _("this date lies after the day of the import")),
    "date_short_year": ("doubt", _("the year has two digits only")),
    "date_year_only": ("doubt", _("only the year is given")),
    "date_month_only": ("doubt", _("only year and month are given")),
    "date_day_or_month": ("doubt", _("day and month cannot be told apart")),
    "date_lunar": ("doubt", _("a date of the lunar calendar")),
    "date_from_id": ("remark", _("the birth date was completed from the ID number")),
    "door_missing": ("doubt", _("no building and door")),
    "door_shape": ("doubt", _("building, unit and door cannot be told apart")),
    "door_date": ("doubt", _("Excel turned this door into a date")),
    "door_unknown": ("doubt", _("this community has no such door")),
    "door_found": ("remark", _("the door was completed: only one door fits")),
    "relation_unknown": ("remark", _("the relation to the head of household is not understood")),
    "tenure_unknown": ("remark", _("the tenure is not understood")),
    "tenure_elsewhere": ("doubt", _("the person is said to live elsewhere")),
    "remark_cut": ("remark", _("the remark was cut after %(letters)s letters")),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell (`cell` as D17; a whole line as 17)."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    cell: str = ""

    @property
    def severity(self) -> Severity:
        return TEXTS[self.code][0]

    @property
    def text(self) -> str:
        """The English sentence; `TEXTS[code][1]` is its msgid."""
        return TEXTS[self.code][1] % self.params

    def at(self, cell: str) -> "Problem":
        return replace(self, cell=cell)

    def plain(self) -> dict[str, object]:
        """For a row of the database or --json."""
        return {"cell": self.cell, "code": self.code, "severity": self.severity, "params": dict(self.params)}
