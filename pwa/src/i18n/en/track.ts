export const track = {
  title: "Track your delivery",
} as const;
