"""Register files: a household register as a community keeps it, translated into rows that can be entered."""
