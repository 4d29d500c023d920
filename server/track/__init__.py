"""What a customer sees of an order by its link, without signing in."""
