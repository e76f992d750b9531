"""People 人: residents, their stays and households, care marks; workers, units, postings and the one page of roles.

A register: it says what is. A person is one row; a stay says where and when he lives, a move is a new stay.
Rows of a household register that cannot be entered as they stand are *parked* for a person to settle.
"""

from .acts import (
    drop_row,
    end_posting,
    end_stay,
    mark_care,
    move_in,
    open_account,
    park,
    post,
    register,
    register_unit,
    register_worker,
    reveal,
)

__all__ = [
    "drop_row",
    "end_posting",
    "end_stay",
    "mark_care",
    "move_in",
    "open_account",
    "park",
    "post",
    "register",
    "register_unit",
    "register_worker",
    "reveal",
]
