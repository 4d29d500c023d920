import type { Routes } from "../../router";
import { AddDevice } from "../desk/add-device";
import { CaseView } from "../desk/case";
import { Known } from "../desk/known";
import { Problems } from "../desk/problems";
import { Board } from "./board";
import { Carriers } from "./carriers";
import { FloorView } from "./floor-view";
import { PeopleView } from "./people";
import { Runs } from "./runs";
import { SurveyView } from "./survey";
import { Tasks } from "./tasks";
import { Wall } from "./wall";
import { Waves } from "./waves";

export const routes: Routes = {
  "": Board,
  tasks: Tasks,
  waves: Waves,
  floor: FloorView,
  problems: Problems,
  "problems/known": Known,
  "problems/:id": CaseView,
  runs: Runs,
  carriers: Carriers,
  survey: SurveyView,
  people: PeopleView,
  enrol: AddDevice,
  wall: Wall,
};
