"""How a delivery was, asked of the customer a day later."""
