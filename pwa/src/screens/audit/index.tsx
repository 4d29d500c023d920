import type { Routes } from "../../router";
import { Entry } from "./entry";
import { Trail } from "./trail";

/** For supervisors and administrators; the server refuses everybody else. */
export const routes: Routes = { "": Trail, entry: Entry };
