"""The ways by which a notice leaves, and their twins that send nothing."""
