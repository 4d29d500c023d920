import { render } from "preact";
import { App } from "./app";
import { wordsReady } from "./i18n";
import { registerAllOps } from "./ops/all";
import { navigate } from "./router";
import { startClock } from "./shell";
import { startEngine } from "./start";
import { prepareOffline } from "./sw/update";

// The link of a one-time code; the code leaves the address bar at once.
const enrolment = /^#enrol=([A-Za-z0-9-]{4,20})$/.exec(location.hash)?.[1];
if (enrolment) navigate(`/auth?code=${enrolment}`, { replace: true });

registerAllOps();
const root = document.getElementById("app");
if (root) void wordsReady().then(() => render(<App />, root));
startClock();
void startEngine();
if (import.meta.env.PROD) void prepareOffline();
