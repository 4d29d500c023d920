export const picker = {
  title: "Picking",
} as const;
