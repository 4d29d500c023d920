import type { Routes } from "../../router";
import { Home } from "./home";
import { TakeIn } from "./take-in";

export const routes: Routes = {
  "": Home,
  ":rma": TakeIn,
};
