"""Briefs 简报: one sheet a day for a community and for its street. Its figures are counted from the notebook by whoever
counts upstairs (``counting``), and frozen when it is published; what comes late is told by the next one.

draft ▸ published · a frozen one never changes: a revision stands beside it
"""

from .acts import amend, draft, publish, revise

__all__ = ["amend", "draft", "publish", "revise"]
