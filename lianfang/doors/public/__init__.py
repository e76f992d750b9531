"""The resident's own door: reached with a slip of paper, without an account, without a script."""
