export const supervisor = {
  title: "Live board",
} as const;
