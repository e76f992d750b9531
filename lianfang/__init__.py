"""Lianfang 联防: a neighbourhood runs its response to an epidemic, and its service to residents."""
