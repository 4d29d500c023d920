"""What customers are told unasked: made with what causes it, sent beside the store, logged."""
