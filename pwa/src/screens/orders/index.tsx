import type { Routes } from "../../router";
import { EnterProof } from "./enter-proof";
import { Search } from "./search";
import { Story } from "./story";

/** For every desk; the server refuses whoever may not see orders. */
export const routes: Routes = {
  "": Search,
  ":id": Story,
  ":id/proof/:stop": EnterProof,
};
