"""How a wave's orders are picked: by metres a line, and what a mode costs beside walking."""

from server.picking.geometry import Crossing, Layout, Spot
from server.picking.modes import CartRules, WaveAsk, WaveLine, WaveOrder, plan

LAYOUT = Layout(aisles=6, gap=40, block_lengths=(200,), depot=Crossing(0, 0))


def line(no: int, order: str, aisle: int, y: int, **more: object) -> WaveLine:
    spot = Spot(aisle, y)
    return WaveLine(no=no, order=order, bin=f"{aisle}-{y}", spot=spot, **more)  # type: ignore[arg-type]


def ask(*lines: WaveLine, **more: object) -> WaveAsk:
    orders = [WaveOrder(id=o) for o in dict.fromkeys(ln.order for ln in lines)]
    given = {"orders": orders, **more}
    return WaveAsk(wave="w", layout=LAYOUT, lines=list(lines), **given)  # type: ignore[arg-type]


def far_apart() -> list[WaveLine]:
    return [line(n, f"o{n}", 5, 150 + n) for n in range(1, 6)]


def test_small_orders_far_from_the_depot_share_a_cart() -> None:
    made = plan(ask(*far_apart()))
    assert made.proposed in ("cluster", "batch")
    by_mode = {o.mode: o for o in made.options}
    assert by_mode["cluster"].dm * 4 < by_mode["single"].dm


def test_one_order_is_compared_with_nothing() -> None:
    made = plan(ask(line(1, "o1", 1, 20), line(2, "o1", 2, 20)))
    assert [o.mode for o in made.options] == ["single"]


def test_every_line_is_walked_once_in_each_mode() -> None:
    zoned = [line(n, f"o{n % 4}", n % 6, 10 * n, zone="AB"[n % 2]) for n in range(1, 13)]
    for option in plan(ask(*zoned)).options:
        assert sorted(no for t in option.tasks for no in t.lines) == list(range(1, 13))


def test_zones_follow_one_another_on_the_same_cart() -> None:
    lines = [
        line(1, "a", 0, 10, zone="S"),
        line(2, "b", 5, 10, zone="N"),
        line(3, "b", 0, 9, zone="S"),
    ]
    (option,) = plan(ask(*lines, mode="zone")).options
    assert [(t.zone, t.after) for t in option.tasks] == [("S", None), ("N", 0)]
    assert option.tasks[0].orders == option.tasks[1].orders


def test_special_and_large_orders_go_alone_whatever_the_mode() -> None:
    lines = [*far_apart(), *(line(10 + n, "big", n % 6, 5 * n) for n in range(8))]
    orders = [WaveOrder(id=f"o{n}", special=n == 1) for n in range(1, 6)]
    orders.append(WaveOrder(id="big"))
    rules = CartRules(large_lines=7)
    (option,) = plan(ask(*lines, orders=orders, mode="cluster", cart=rules)).options
    alone = {t.orders[0] for t in option.tasks if t.mode == "single"}
    assert alone == {"o1", "big"}


def test_heavy_comes_before_light_in_each_tote() -> None:
    lines = [line(1, "a", 0, 10, rank=1), line(2, "a", 3, 10, rank=0), line(3, "b", 3, 20, rank=1)]
    (option,) = plan(ask(*lines, mode="cluster")).options
    (task,) = option.tasks
    assert task.lines.index(2) < task.lines.index(1)


def test_lines_of_one_bin_are_side_by_side() -> None:
    lines = [line(n, f"o{n}", 2, 50) for n in (1, 3, 5)]
    lines += [WaveLine(no=n, order=f"o{n}", bin="2-50-high", spot=Spot(2, 50)) for n in (2, 4)]
    (option,) = plan(ask(*lines, mode="batch")).options
    bins = {ln.no: ln.bin for ln in lines}
    walked = [bins[no] for no in option.tasks[0].lines]
    assert walked in (["2-50"] * 3 + ["2-50-high"] * 2, ["2-50-high"] * 2 + ["2-50"] * 3)


def test_arrival_order_by_s_shape_is_never_shorter_than_the_plan() -> None:
    made = plan(ask(*far_apart(), line(9, "o9", 0, 10), cart=CartRules(totes=3)))
    cluster = next(o for o in made.options if o.mode == "cluster")
    assert cluster.dm <= made.arrival_dm


def test_the_same_wave_gets_the_same_plan() -> None:
    assert plan(ask(*far_apart())) == plan(ask(*far_apart()))
