"""Doors: each parses, finds, asks, calls one act, translates back."""
