import type { Walker } from "./walker";
export function AisleMap(_: { walker: Walker }) {
  return null;
}
