import type { OpsOf } from "./index";

export const returns = {
  start_return: { label: "ops.startReturn" },
  receive_return: {
    label: "ops.receiveReturn",
    fold: (draft, { rma, lines }) => {
      draft.drop("rma", rma);
      for (const { no } of lines) draft.drop("rma_line", `${rma}/${no}`);
    },
  },
} satisfies OpsOf<"returns">;
