"""The tuple of modules: importing them registers their operations, rows, reactions and tables."""

import server.auth.people
import server.auth.tables
import server.board.finding
import server.board.forecasts
import server.board.known_cases
import server.board.rows
import server.board.tables
import server.board.walks
import server.board.whereabouts
import server.catalog.ops
import server.catalog.packs
import server.catalog.substitutes
import server.counting.ops
import server.counting.rows
import server.exceptions.chasing
import server.exceptions.findings
import server.exceptions.opening
import server.exceptions.ops
import server.exceptions.rows
import server.floor.abilities
import server.floor.leases
import server.floor.ops
import server.insights.measures.tables
import server.insights.reports.ops
import server.insights.reports.tables
import server.inventory.holds
import server.inventory.ops
import server.moving.ops
import server.moving.putaway
import server.moving.replenish
import server.moving.rows
import server.notices.due
import server.notices.edi.answers
import server.notices.forgetting
import server.notices.ops
import server.notices.reactions
import server.notices.wishes
import server.orders.address
import server.orders.hold
import server.orders.notes
import server.orders.ops
import server.orders.priorities
import server.orders.promises
import server.packing.ops
import server.packing.pallets
import server.packing.printing
import server.packing.relabel
import server.packing.rows
import server.picking.check_rows
import server.picking.check_tasks
import server.picking.checks
import server.picking.cures
import server.picking.follow_ups
import server.picking.full_totes
import server.picking.holds
import server.picking.joining
import server.picking.ops
import server.picking.places
import server.picking.promises
import server.picking.reactions
import server.picking.release
import server.picking.reroute
import server.picking.rows
import server.picking.split
import server.picking.totes
import server.picking.undo
import server.picking.walking
import server.picking.wave_rows
import server.picking.waves
import server.pod.arrivals
import server.pod.carriers.ops
import server.pod.carriers.reports
import server.pod.carriers.rows
import server.pod.carriers.silence
import server.pod.corrections
import server.pod.links
import server.pod.load_pallets
import server.pod.loading
import server.pod.moving_stops
import server.pod.ops
import server.pod.paperwork.ops
import server.pod.pins
import server.pod.plan_rows
import server.pod.policies
import server.pod.proofs
import server.pod.readdressing
import server.pod.returning
import server.pod.rows
import server.pod.run_plans
import server.returns.ops
import server.returns.reactions
import server.returns.rows
import server.store.tables
import server.survey.ops
import server.sync.gaps
import server.sync.presence

MODULES = (
    server.auth.people,
    server.auth.tables,
    server.store.tables,
    server.sync.gaps,
    server.sync.presence,
    server.catalog.ops,
    server.catalog.packs,
    server.catalog.substitutes,
    server.floor.ops,
    server.floor.leases,
    server.floor.abilities,
    server.inventory.ops,
    server.inventory.holds,
    server.counting.ops,
    server.counting.rows,
    server.moving.ops,
    server.moving.putaway,
    server.moving.replenish,
    server.moving.rows,
    server.orders.ops,
    server.orders.priorities,
    server.orders.promises,
    server.orders.hold,
    server.picking.ops,
    server.picking.check_rows,
    server.picking.checks,
    server.picking.check_tasks,
    server.picking.cures,
    server.picking.full_totes,
    server.picking.holds,
    server.picking.places,
    server.picking.promises,
    server.picking.split,
    server.picking.joining,
    server.picking.undo,
    server.picking.follow_ups,
    server.picking.reactions,
    server.picking.release,
    server.picking.reroute,
    server.picking.rows,
    server.picking.walking,
    server.picking.wave_rows,
    server.picking.totes,
    server.picking.waves,
    server.packing.ops,
    server.packing.pallets,
    server.packing.printing,
    server.packing.rows,
    server.pod.carriers.ops,
    server.pod.carriers.reports,
    server.pod.carriers.rows,
    server.pod.carriers.silence,
    server.pod.loading,
    server.pod.load_pallets,
    server.pod.paperwork.ops,
    server.pod.ops,
    server.pod.proofs,
    server.pod.corrections,
    server.pod.policies,
    server.pod.pins,
    server.pod.links,
    server.pod.returning,
    server.pod.rows,
    server.pod.arrivals,
    server.pod.run_plans,
    server.pod.plan_rows,
    server.pod.moving_stops,
    server.returns.ops,
    server.returns.reactions,
    server.returns.rows,
    server.insights.reports.ops,
    server.insights.reports.tables,
    server.notices.ops,
    server.notices.wishes,
    server.notices.due,
    server.notices.edi.answers,
    server.notices.forgetting,
    server.notices.reactions,
    server.survey.ops,
    server.board.finding,
    server.board.forecasts,
    server.exceptions.chasing,
    server.exceptions.findings,
    server.exceptions.opening,
    server.exceptions.ops,
    server.exceptions.rows,
    server.board.finding,
    server.board.known_cases,
    server.board.rows,
    server.board.walks,
    server.board.whereabouts,
    server.insights.measures.tables,
)
