import type { OpsOf } from "./index";

export const inventory = {
  put_bin: { label: "ops.putBin" },
  put_level: { label: "ops.putLevel" },
  hold_lot: { label: "ops.holdLot" },
  free_lot: { label: "ops.freeLot" },
  receive_stock: { label: "ops.receiveStock" },
} satisfies OpsOf<"inventory">;

export const catalog = {
  put_item: { label: "ops.putItem" },
  put_packs: { label: "ops.putPacks" },
  put_substitutes: { label: "ops.putSubstitutes" },
  put_setting: { label: "ops.putSetting" },
} satisfies OpsOf<"catalog">;
