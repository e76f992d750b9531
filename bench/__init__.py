"""What is measured, each beside its floor: the least that the same work costs on the same machine in the same minutes."""
