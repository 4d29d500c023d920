import type { Routes } from "../../router";
import { Tray } from "./tray";

export const routes: Routes = { messages: Tray };
