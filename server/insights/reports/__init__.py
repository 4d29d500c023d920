"""Reports: ready ones, the house's own, as files, by mail, and who used which."""
