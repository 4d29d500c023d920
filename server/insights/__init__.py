"""What the records say when they are read: exports, and whether they agree with each other."""
