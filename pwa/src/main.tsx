import { render } from "preact";
import { App } from "./app";
import { startClock } from "./shell";
import { prepareOffline } from "./sw/update";

const root = document.getElementById("app");
if (root) render(<App />, root);
startClock();
if (import.meta.env.PROD) void prepareOffline();
