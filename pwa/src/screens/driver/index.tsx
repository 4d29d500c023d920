import type { Routes } from "../../router";
import "./driver.css";
import { CorrectScreen } from "./correct";
import { DepartScreen } from "./depart";
import { Home } from "./home";
import { LoadScreen } from "./load";
import { RunScreen } from "./run";
import { StopScreen } from "./stop";

export const routes: Routes = {
  "": Home,
  "run/:run": RunScreen,
  "run/:run/load": LoadScreen,
  "run/:run/depart": DepartScreen,
  "stop/:stop": StopScreen,
  "stop/:stop/correct": CorrectScreen,
};
