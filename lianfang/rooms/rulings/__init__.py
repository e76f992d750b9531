"""Rulings 请示批复: what the rules leave unclear is asked upward; an authority rules, naming a clause or
its discretion.

asked ▸ ruled (exempt, required, modified) ▸ applied, by the order that follows; an overdue question is
marked as such

Holds: "question open" (asked, not ruled) · "ruled exempt" (the last ruling of the matter) · "days ruled"
(by the ruling's own id).
"""

from .acts import apply, ask_up, overdue, rule

__all__ = ["apply", "ask_up", "overdue", "rule"]
