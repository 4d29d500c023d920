export const packer = {
  title: "Packing",
} as const;
