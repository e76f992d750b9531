"""Tokens 接口令牌: what lets somebody in. A person by his password (``passwords``); a worker's own program, or another
system, by a token it shows at the API (``entering``).

A register: it says who may come in, in which posting or role, until when. Its secret is shown once and kept as a hash.

    issued ──▶ withdrawn · expired by its date · dead at once when the posting ends or the account is closed
"""

from .acts import issue, withdraw

__all__ = ["issue", "withdraw"]
