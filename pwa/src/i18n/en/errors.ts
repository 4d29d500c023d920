/** What a code of the server means and what to do next: `errors.<code>`. */
export const errors = {
  unknown: "The server answered “{code}”. Your work is kept; show this to a supervisor.",
  not_saved: "NOT SAVED. Free some space or restart the app, then repeat the last step.",
  scan_unfinished: "The scan was cut off. Scan again.",
} as const;
