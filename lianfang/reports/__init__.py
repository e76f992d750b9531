"""Reports show what the rooms and the notebook know; they write nothing."""
