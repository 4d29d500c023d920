/** Paths on a 24 × 24 grid, drawn as lines of width 2.5 unless they are filled shapes. */
const PATHS = {
  back: "M15 5l-7 7 7 7",
  box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 17a3.5 3.5 0 100-7 3.5 3.5 0 000 7",
  check: "M4 12.5l5.5 5.5L20 6.5",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18M12 7v5l3.5 2",
  cross: "M5 5l14 14M19 5L5 19",
  delete: "M9 5h12v14H9l-6-7zM12 9l5 6M17 9l-5 6",
  dot: "M12 11.9v.2",
  down: "M5 9l7 7 7-7",
  flag: "M5 21V4M5 5h13l-3 4 3 4H5",
  gear: "M12 8.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1",
  grip: "M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1",
  home: "M4 11l8-7 8 7v9h-6v-6h-4v6H4z",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18M12 11v6M12 7v.1",
  keys: "M3 6h18v12H3zM7 10v.1M12 10v.1M17 10v.1M8 14h8",
  mic: "M12 3a3 3 0 00-3 3v5a3 3 0 006 0V6a3 3 0 00-3-3M5 11a7 7 0 0014 0M12 18v3",
  minus: "M5 12h14",
  next: "M9 5l7 7-7 7",
  offline: "M12 4l9.5 16h-19zM12 10v5M12 17.5v.1",
  online: "M12 19v.1M8.5 15a5 5 0 017 0M5.5 11.5a9.5 9.5 0 0113 0M2.5 8a14 14 0 0119 0",
  pause: "M8 5v14M16 5v14",
  person: "M12 4a4 4 0 100 8 4 4 0 000-8M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7",
  pin: "M12 21s7-6.5 7-11.5a7 7 0 00-14 0C5 14.5 12 21 12 21M12 12a2.5 2.5 0 100-5 2.5 2.5 0 000 5",
  plus: "M12 5v14M5 12h14",
  scan: "M3 8V4h4M17 4h4v4M21 16v4h-4M7 20H3v-4M7 8v8M10.5 8v8M14 8v8M17 8v8",
  search: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13M15.5 15.5L21 21",
  sound: "M4 9h4l5-4v14l-5-4H4zM16.5 8.5a5 5 0 010 7M19.5 6a9 9 0 010 12",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v6M12 16.5v.1",
  truck:
    "M2 6h12v11H2zM14 10h4l4 4v3h-8M6.5 19.5a2 2 0 100-4 2 2 0 000 4M17.5 19.5a2 2 0 100-4 2 2 0 000 4",
  undo: "M8 5L4 9l4 4M4 9h10a6 6 0 010 12h-3",
  up: "M5 15l7-7 7 7",
  upload: "M12 20V6M6 11l6-6 6 6",
  warn: "M12 4l9.5 16h-19zM12 10v5M12 17.5v.1",
} as const;

export type IconName = keyof typeof PATHS;

/** A sign beside a word; it is never alone, so it is not read out. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width={name === "dot" ? 12 : 2.5}
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
