"""Orders 居家观察: an authority decides and the community serves. No order without authority, basis,
reason, term and end.

order: issued ▸ served, or served and not accepted ▸ undertaken (if he likes) ▸ verified by the community ▸
released by the authority, never by the same person · notice: to be served ▸ served | not accepted ▸ served
later · objection: open ▸ answered, by another than who decided · check: due ▸ done | missed ▸ done, late ·
alarm: open ▸ settled by the doctor · an order is reviewed when the rules change
"""

from .acts import issue, refuse_notice, serve
from .acts_checks import miss_check, raise_alarm, record_check, schedule_checks, settle_alarm
from .acts_ending import release, review, verify_release
from .acts_saying import answer_objection, object_to, undertake

__all__ = [
    "answer_objection", "issue", "miss_check", "object_to", "raise_alarm", "record_check", "refuse_notice", "release",
    "review", "schedule_checks", "serve", "settle_alarm", "undertake", "verify_release",
]  # fmt: skip
