/** The signature as it is stored, hashed and sent: vectors with time, never only a picture. */
import { PAD_HEIGHT, PAD_WIDTH, type Strokes } from "../ui/strokes";
import { canonical } from "./canonical";

export const STROKES_MIME = "application/vnd.dockhand.strokes+json";

/** Canonical JSON; `x`, `y` in 1/10,000 of the pad's width, `t` in ms since the first point. */
export function strokesJson(strokes: Strokes): string {
  return canonical({
    v: 1,
    width: PAD_WIDTH,
    height: PAD_HEIGHT,
    strokes: strokes.map(stroke => stroke.map(({ x, y, t }) => ({ x, y, t }))),
  });
}
