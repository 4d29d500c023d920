"""Which papers must go with an order, which of them are there, and each version that was issued."""
