import type { Routes } from "../../router";
import { AddDevice } from "../desk/add-device";
import { CaseView } from "../desk/case";
import { Known } from "../desk/known";
import { Problems } from "../desk/problems";
import { People } from "./people";
import { SettingRows } from "./settings";

export const routes: Routes = {
  "": People,
  enrol: AddDevice,
  settings: SettingRows,
  problems: Problems,
  "problems/known": Known,
  "problems/:id": CaseView,
};
