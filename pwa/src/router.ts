import { computed, signal } from "@preact/signals";
import type { ComponentType } from "preact";

export interface RouteProps {
  /** Values of the pattern's `:names`. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
}

/** Patterns of one folder of screens, relative to `#/<folder>/`: `""` is its home, `task/:id` a screen. */
export type Routes = Readonly<Record<string, ComponentType<RouteProps>>>;

/** What each `screens/<folder>/index.tsx` exports. */
export interface ScreenFolder {
  routes: Routes;
}

export interface Place {
  /** First segment of the hash path: a folder of screens. Empty at the app's root. */
  folder: string;
  rest: string;
  query: URLSearchParams;
}

/** Reads a hash such as `#/picker/task/T40?line=7`. */
export function parse(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const [folder = "", ...rest] = path.split("/");
  return { folder, rest: rest.join("/"), query: new URLSearchParams(query) };
}

const hash = signal(location.hash);

addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** Where the app is now. */
export const place = computed(() => parse(hash.value));

/** Goes to a path such as `/picker/task/T40`; `replace` leaves no step to go back to. */
export function navigate(path: string, { replace = false } = {}): void {
  const url = `#${path}`;
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  hash.value = url;
}

export interface Match {
  screen: ComponentType<RouteProps>;
  params: Record<string, string>;
}

/** Finds the screen of a folder for a path; literal segments win over `:names`. */
export function match(routes: Routes, path: string): Match | null {
  const segments = path.split("/").filter(Boolean);
  const found = Object.entries(routes)
    .map(([pattern, screen]) => ({ pattern, screen, params: matchPattern(pattern, segments) }))
    .filter(candidate => candidate.params !== null)
    .sort((a, b) => names(a.pattern) - names(b.pattern))[0];
  return found?.params ? { screen: found.screen, params: found.params } : null;
}

function names(pattern: string): number {
  return pattern.split(":").length;
}

function matchPattern(pattern: string, segments: string[]): Record<string, string> | null {
  const parts = pattern.split("/").filter(Boolean);
  if (parts.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const value = decode(segments[index] ?? "");
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

/** A hash that somebody typed may hold a lone per cent sign. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
