"""The desk: pages of the community and street office, server-rendered."""
