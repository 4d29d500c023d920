import type { Routes } from "../../router";
import { Problems } from "../desk/problems";
import { Search } from "../orders/search";
import { Story } from "../orders/story";

export const routes: Routes = { "": Search, "order/:id": Story, problems: Problems };
