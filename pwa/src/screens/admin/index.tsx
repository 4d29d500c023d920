import type { Routes } from "../../router";
import { AddDevice } from "../desk/add-device";
import { People } from "./people";
import { SettingRows } from "./settings";

export const routes: Routes = { "": People, enrol: AddDevice, settings: SettingRows };
