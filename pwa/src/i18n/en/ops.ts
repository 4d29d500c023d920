/** Labels of operations in the outbox and the attention tray. */
export const ops = {
  title: "Actions",
} as const;
