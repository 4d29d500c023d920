/** The page that a receiver's own phone opens: no sign-in, no storage, nothing of the app's. */
import { render } from "preact";
import { wordsReady } from "../i18n";
import { SignPage } from "./page";

// The secret of the link leaves the address bar at once, and with it the phone's history.
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const root = document.getElementById("app");
if (root) void wordsReady().then(() => render(<SignPage token={token} />, root));
