"""Policies 令: editions of rules as reviewed data, numbers with place and period, and what the rules say of
a case.

Pure and typed: documents, vocabulary, conditions, editions, rules. Kept: editions and terms are never
changed, others supersede them; an assessment holds facts, day and the whole decision, so that it can be
replayed. The machine says what the rules say; an authority decides.
"""

from .acts import assess, publish, set_term

__all__ = ["assess", "publish", "set_term"]
