import type { ScreenFolder } from "./router";
import { ROLES, type Role } from "./shell";

/** Each folder of screens is its own chunk, found by its name: a new folder needs no wiring. */
const folders = import.meta.glob<ScreenFolder>("./screens/*/index.tsx");

/** Every component in every state, for development and for pictures of it. */
const gallery =
  import.meta.env.DEV || import.meta.env.MODE === "gallery"
    ? () => import("./gallery/index")
    : undefined;

/** Open to everybody, signed in or not. */
const OPEN: ReadonlySet<string> = new Set(["auth", "settings", "track", "gallery"]);

/** Loads a folder of screens; `undefined` if there is none of that name. */
export function loadFolder(name: string): Promise<ScreenFolder> | undefined {
  if (name === "gallery") return gallery?.();
  return folders[`./screens/${name}/index.tsx`]?.();
}

/** A folder named after a role is for those who have it; the rest is for whoever is signed in. */
export function mayOpen(name: string, mine: readonly Role[] | null): boolean {
  if (OPEN.has(name)) return true;
  if (mine === null) return false;
  return !isRole(name) || mine.includes(name);
}

function isRole(name: string): name is Role {
  return (ROLES as readonly string[]).includes(name);
}
