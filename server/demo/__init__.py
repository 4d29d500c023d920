"""A site to try Dockhand on: floor, goods, people, customers, and orders that keep coming."""
