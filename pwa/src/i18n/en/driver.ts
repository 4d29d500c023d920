export const driver = {
  title: "Deliveries",
} as const;
