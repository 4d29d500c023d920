import type { Routes } from "../../router";
import { Build } from "./build";
import { Reports } from "./list";
import { Run } from "./run";
import { Schedules } from "./schedules";
import { Uses } from "./uses";

/** For every desk; the server refuses whoever may not see a report or one of its fields. */
export const routes: Routes = {
  "": Reports,
  build: Build,
  "build/:id": Build,
  schedules: Schedules,
  uses: Uses,
  ":id": Run,
};
