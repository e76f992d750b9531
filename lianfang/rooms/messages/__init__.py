"""Messages 通知: what a resident was told, how, and whether he knows it; and the slip of paper that opens his own page.

message: waiting ▸ delivered ▸ acknowledged (by himself) · slip: issued ▸ ended, withdrawn, or replaced by a newer one
"""

from .acts import acknowledge, deliver, issue_slip, send, withdraw_slip

__all__ = ["acknowledge", "deliver", "issue_slip", "send", "withdraw_slip"]
