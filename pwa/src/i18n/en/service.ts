export const service = {
  title: "Customer service",
} as const;
