"""Aid 帮扶: what somebody needs, who helps with how much of it, and whether he says that it is met.

need: proposed ▸ open ▸ met, when the resident says so · proposed, open ▸ dropped
pledge: pledged ▸ delivered in parts ▸ delivered in full · pledged ▸ withdrawn
"""

from .acts import ask, confirm, deliver, drop, meet, pledge, propose, withdraw

__all__ = ["ask", "confirm", "deliver", "drop", "meet", "pledge", "propose", "withdraw"]
