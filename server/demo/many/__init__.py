"""A site with as many orders as somebody wants to try, from the shapes of real ones."""
