/** The line of a walk as it is drawn: every corner, by the ways that the floor's rules leave open. */
import type { Pose, Spot, Ways } from "./ways";

/** The corners of the shortest walk that meets these spots in this order. */
export function pathPast(ways: Ways, spots: readonly Spot[]): Spot[] {
  const poses = bestPoses(ways, spots);
  const first = poses[0];
  if (!first) return [];
  const legs = poses.slice(1).map((pose, i) => turnsOf(ways.corners(poses[i] ?? pose, pose)));
  return [first.spot, ...legs.flat()].filter((spot, i, all) => !same(spot, all[i - 1]));
}

/** Which way the cart points at each spot of the shortest walk. */
function bestPoses(ways: Ways, spots: readonly Spot[]): Pose[] {
  let walks: { length: number; poses: Pose[] }[] = [];
  for (const [i, spot] of spots.entries()) {
    const before = walks;
    walks = ways.poses(spot).map(pose => {
      if (i === 0) return { length: 0, poses: [pose] };
      const come = before.map(({ length, poses }) => {
        const last = poses.at(-1) ?? pose;
        return { length: length + ways.distance(last, pose), poses };
      });
      const best = come.reduce((a, b) => (b.length < a.length ? b : a));
      return { length: best.length, poses: [...best.poses, pose] };
    });
  }
  return walks.length ? walks.reduce((a, b) => (b.length < a.length ? b : a)).poses : [];
}

/** Without the points that are merely passed. */
function turnsOf(leg: readonly Spot[]): Spot[] {
  const kept: Spot[] = [];
  for (const [i, spot] of leg.entries()) {
    const before = kept.at(-1);
    const after = leg[i + 1];
    if (!before || !after || !isBetween(before, spot, after)) kept.push(spot);
  }
  return kept;
}

function isBetween(one: Spot, spot: Spot, other: Spot): boolean {
  const along = one.aisle === spot.aisle && spot.aisle === other.aisle;
  const across = one.y === spot.y && spot.y === other.y;
  if (along) return (spot.y - one.y) * (other.y - spot.y) >= 0;
  return across && (spot.aisle - one.aisle) * (other.aisle - spot.aisle) >= 0;
}

function same(one: Spot, other: Spot | undefined): boolean {
  return one.aisle === other?.aisle && one.y === other.y;
}
