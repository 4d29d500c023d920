"""Who takes a shipment, the house's own vans or a carrier's service; at what price; where it is.

A carrier is an adapter. Two need nobody outside: the own fleet and a carrier by rate table, both
written in the site's setting `carriers`.
"""
