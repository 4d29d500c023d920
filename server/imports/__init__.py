"""What comes from files: item masters, layouts, opening stock and the orders of a channel."""
