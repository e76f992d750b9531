"""Tickets 诉求: what a resident asks of the government, by 12345, 110, phone or at the door. The street owns a ticket,
the community helps with it.

lodged ▸ accepted ▸ answered ▸ called back ▸ closed · reopened ▸ accepted · a repeat call joins the ticket it repeats
"""

from .acts import accept, answer, call_back, close, lapse, lodge, log_call, reopen, reveal_caller, speak

__all__ = [
    "accept",
    "answer",
    "call_back",
    "close",
    "lapse",
    "lodge",
    "log_call",
    "reopen",
    "reveal_caller",
    "speak",
]
