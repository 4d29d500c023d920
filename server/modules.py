"""The tuple of modules: importing them registers their operations, rows, reactions and tables."""

import server.auth.people
import server.auth.tables
import server.board.rows
import server.catalog.ops
import server.counting.ops
import server.counting.rows
import server.floor.ops
import server.inventory.ops
import server.moving.ops
import server.moving.putaway
import server.moving.replenish
import server.moving.rows
import server.orders.ops
import server.packing.ops
import server.packing.rows
import server.picking.follow_ups
import server.picking.ops
import server.picking.reactions
import server.picking.rows
import server.picking.waves
import server.pod.ops
import server.pod.rows
import server.store.tables
import server.sync.gaps
import server.sync.presence

MODULES = (
    server.auth.people,
    server.auth.tables,
    server.store.tables,
    server.sync.gaps,
    server.sync.presence,
    server.catalog.ops,
    server.floor.ops,
    server.inventory.ops,
    server.counting.ops,
    server.counting.rows,
    server.moving.ops,
    server.moving.putaway,
    server.moving.replenish,
    server.moving.rows,
    server.orders.ops,
    server.picking.ops,
    server.picking.follow_ups,
    server.picking.reactions,
    server.picking.rows,
    server.picking.waves,
    server.packing.ops,
    server.packing.rows,
    server.pod.ops,
    server.pod.rows,
    server.board.rows,
)
