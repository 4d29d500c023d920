import { expect, test } from "vitest";
import { match, navigate, parse, place, type Routes } from "./router";

const Home = () => null;
const Task = () => null;
const NewTask = () => null;
const routes: Routes = { "": Home, "task/:id": Task, "task/new": NewTask };

test("a hash names a folder, a path within it and a query", () => {
  const { folder, rest, query } = parse("#/picker/task/T40?line=7");
  expect([folder, rest, query.get("line")]).toEqual(["picker", "task/T40", "7"]);
  expect(parse("")).toMatchObject({ folder: "", rest: "" });
});

test("a screen is found by pattern, with its parameters decoded", () => {
  expect(match(routes, "")?.screen).toBe(Home);
  expect(match(routes, "task/T%2F4")).toEqual({ screen: Task, params: { id: "T/4" } });
  expect(match(routes, "task/%")).toEqual({ screen: Task, params: { id: "%" } });
});

test("a literal segment wins over a name", () => {
  expect(match(routes, "task/new")?.screen).toBe(NewTask);
});

test("an unknown path has no screen", () => {
  expect(match(routes, "task/T40/x")).toBeNull();
  expect(match(routes, "nope")).toBeNull();
});

test("navigating moves the place at once", () => {
  navigate("/driver/stop/3");
  expect(place.value).toMatchObject({ folder: "driver", rest: "stop/3" });
});
