"""Gates 口: a checkpoint asks the home community about somebody; the community answers what was asked, and
only that.

asked ▸ answered (yes, no, cannot be told) ▸ settled (let through, turned back, handed over)
"""

from .acts import answer, ask, settle

__all__ = ["answer", "ask", "settle"]
