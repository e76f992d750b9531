"""Orders 居家观察: an authority decides and the community serves. No order without authority, basis,
reason, term and end.

order: issued ▸ served, or served and not accepted · notice: to be served ▸ served | not accepted ▸ served
later
"""

from .acts import issue, refuse_notice, serve

__all__ = ["issue", "refuse_notice", "serve"]
