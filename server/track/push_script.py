"""The two scripts of the page on which a browser asks to be told: its own, and the worker's that
shows what arrives. The worker sees nothing but `/n/` and stands beside the web app's."""

PAGE_SCRIPT = """\
"use strict";
const button = document.getElementById("ask");

function tell(name) {
  for (const each of document.querySelectorAll(".told")) each.hidden = each.id !== name;
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, letter => letter.charCodeAt(0));
}

/** The only address that becomes a script (Trusted Types, where the browser has them). */
function workerUrl() {
  const worker = "/n/worker.js";
  const types = self.trustedTypes;
  if (!types) return worker;
  return types.createPolicy("dockhand", { createScriptURL: () => worker }).createScriptURL("");
}

async function subscribed() {
  await navigator.serviceWorker.register(workerUrl(), { scope: "/n/" });
  const worker = await navigator.serviceWorker.ready;
  return worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(button.dataset.key),
  });
}

async function ask() {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window))
    return "unsupported";
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  const { endpoint, keys } = (await subscribed()).toJSON();
  const body = { endpoint, p256dh: keys.p256dh, auth: keys.auth, lang: button.dataset.lang };
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { "content-type": "application/json", "x-dockhand": "1" },
    body: JSON.stringify(body),
  });
  return answer.ok ? "done" : "failed";
}

button.addEventListener("click", () => {
  button.disabled = true;
  ask()
    .catch(() => "failed")
    .then(name => {
      tell(name);
      button.disabled = name === "done";
    });
});
"""

WORKER_SCRIPT = """\
"use strict";

self.addEventListener("push", event => {
  const { title, body, url, tag, lang } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, data: url }));
});

self.addEventListener("notificationclick", event => {
  event.notification.close();
  const url = new URL(event.notification.data, location.origin);
  if (url.protocol === "https:" || url.origin === location.origin)
    event.waitUntil(self.clients.openWindow(url.href));
});
"""
