import type { Routes } from "../../router";
import { CaseView } from "../desk/case";
import { Known } from "../desk/known";
import { Problems } from "../desk/problems";
import { Search } from "../orders/search";
import { Story } from "../orders/story";

export const routes: Routes = {
  "": Search,
  "order/:id": Story,
  problems: Problems,
  "problems/known": Known,
  "problems/:id": CaseView,
};
