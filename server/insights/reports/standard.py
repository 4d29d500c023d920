"""The ready reports, as anybody could have built them."""

from server.insights.reports.shapes import (
    MOST_ROWS,
    ReportColumn,
    ReportFilter,
    ReportGroup,
    ReportSort,
    ReportSpec,
)

C, F, G, S = ReportColumn, ReportFilter, ReportGroup, ReportSort
LONG = MOST_ROWS
"""As many rows as where it goes has room for."""

STANDARD: dict[str, ReportSpec] = {
    "order-status": ReportSpec(
        dataset="orders",
        groups=[G("state")],
        columns=[
            C("count()", "~orders"),
            C("sum(lines)"),
            C("sum(pieces)"),
            C("sum(late)"),
            C("sum(late) / count() * 100", "~late_share"),
        ],
        sort=[S(1, down=True)],
        chart="bar",
    ),
    "late-orders": ReportSpec(
        dataset="orders",
        columns=[
            C(name)
            for name in [
                "number",
                "customer",
                "country",
                "state",
                "placed_at",
                "due_at",
                "delivered_at",
                "pieces",
            ]
        ],
        filters=[F("late", "is", ["1"])],
        sort=[S(5)],
        limit=LONG,
    ),
    "deliveries": ReportSpec(
        dataset="deliveries",
        groups=[G("closed_at", "day")],
        columns=[
            C("count()", "~stops"),
            C("sum(came)"),
            C("sum(on_time)"),
            C("sum(came) / count() * 100", "~came_share"),
            C("sum(on_time) / count() * 100", "~on_time_share"),
            C("avg(minutes)"),
        ],
        limit=LONG,
        chart="line",
    ),
    "sales": ReportSpec(
        dataset="orders",
        groups=[G("placed_at", "day"), G("currency")],
        columns=[
            C("count()", "~orders"),
            C("sum(pieces)"),
            C("sum(total)"),
            C("sum(total) / count()", "~average"),
        ],
        filters=[F("state", "not", ["cancelled"])],
        limit=LONG,
        chart="line",
    ),
    "top-items": ReportSpec(
        dataset="lines",
        groups=[G("sku"), G("item"), G("currency")],
        columns=[C("sum(ordered)"), C("sum(shipped)"), C("sum(amount)")],
        filters=[F("state", "not", ["cancelled"])],
        sort=[S(3, down=True)],
        limit=100,
    ),
    "daily-shipments": ReportSpec(
        dataset="parcels",
        groups=[G("packed_at", "day"), G("carrier"), G("country")],
        columns=[
            C("count()", "~parcels"),
            C("sum(weight) / 1000", "~kilograms"),
            C("sum(late)"),
        ],
        filters=[F("state", "not", ["void"])],
        period="last_7",
        limit=LONG,
        chart="bar",
    ),
    "exceptions": ReportSpec(
        dataset="exceptions",
        groups=[G("problem")],
        columns=[C("count()", "~problems"), C("sum(open)"), C("avg(hours)", "~hours_each")],
        sort=[S(1, down=True)],
        chart="pie",
    ),
    "stock-on-hand": ReportSpec(
        dataset="stock",
        columns=[
            C(name) for name in ("sku", "item", "bin", "zone", "lot", "on_hand", "promised", "free")
        ],
        filters=[F("on_hand", "above", ["0"])],
        limit=LONG,
    ),
    "below-minimum": ReportSpec(
        dataset="levels",
        columns=[C(name) for name in ("sku", "item", "bin", "least", "most", "on_hand", "lacking")],
        filters=[F("below", "is", ["1"])],
        sort=[S(6, down=True)],
        limit=LONG,
    ),
    "pick-performance": ReportSpec(
        dataset="tasks",
        groups=[G("person")],
        columns=[
            C("count()", "~tasks"),
            C("sum(lines)"),
            C("sum(minutes)"),
            C("sum(lines) / sum(minutes) * 60", "~lines_an_hour"),
            C("sum(planned) / sum(minutes) * 100", "~pace"),
        ],
        filters=[F("kind", "is", ["pick"]), F("state", "is", ["done"])],
        sort=[S(4, down=True)],
        period="last_7",
        chart="bar",
    ),
    "busy-hours": ReportSpec(
        dataset="picks",
        groups=[G("at", "weekday"), G("at", "hour")],
        columns=[C("count()", "~lines"), C("sum(picked)")],
        chart="heat",
    ),
}
