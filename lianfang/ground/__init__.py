"""The ground everything stands on: notebook, acts, things, holds, vault, follow-ups. Knows nobody upstairs."""
