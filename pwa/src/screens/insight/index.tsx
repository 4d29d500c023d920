import "./insight.css";
import type { Routes } from "../../router";
import { Dashboards } from "./dashboards";

export const routes: Routes = { "": Dashboards };
