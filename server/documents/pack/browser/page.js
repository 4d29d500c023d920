const byId = id => document.getElementById(id);
let language = "en";
let shown = null;

function word(name, values = {}) {
  return filled(WORDS[language].page[name], values);
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Text only: what a stranger wrote into a pack never becomes markup. */
function element(tag, { text = "", className = "", ...data } = {}, ...children) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.title = word("title");
  for (const place of document.querySelectorAll("[data-word]"))
    place.textContent = word(place.dataset.word);
  byId("limits").replaceChildren(...WORDS[language].limits.map(text => element("li", { text })));
  if (shown) show(shown);
}

async function check(event) {
  event.preventDefault();
  const result = byId("result");
  result.hidden = false;
  result.replaceChildren(element("p", { text: word("busy"), state: "busy" }));
  if (!crypto.subtle) return result.replaceChildren(verdict(word("old"), "bad"));
  try {
    const pack = openPack(await chosenFiles());
    shown = { pack, answers: await verifyPack(pack, byId("key").value) };
    show(shown);
  } catch {
    shown = null;
    result.replaceChildren(verdict(word("bad"), "bad"));
  }
}

/** The ZIP, or the folder it was unpacked into, as files by name. */
async function chosenFiles() {
  const [zip] = byId("pack").files;
  if (zip) return readZip(await zip.arrayBuffer());
  const entries = new Map();
  for (const file of byId("folder").files) {
    const name = file.webkitRelativePath.replace(/^[^/]*\//, "");
    entries.set(name, new Uint8Array(await file.arrayBuffer()));
  }
  if (entries.size === 0) throw new RangeError("nothing chosen");
  return entries;
}

function verdict(text, state) {
  return element("p", { text, className: state === "holds" ? "verdict" : "verdict fails", state });
}

function show({ pack, answers }) {
  const holds = Object.values(answers).every(faults => faults.length === 0);
  const { order, absent, unproven } = pack.manifest;
  byId("result").replaceChildren(
    verdict(word(holds ? "holds" : "fails"), holds ? "holds" : "fails"),
    element("p", { text: `${word("order")} ${order.number}` }),
    element("ul", { className: "checks" }, ...Object.entries(answers).map(answer)),
    ...Object.entries({ absent, unproven })
      .filter(([, told]) => told.length > 0)
      .map(([name, told]) =>
        element("p", { text: word(name, { n: told.length }), className: "warn" }),
      ),
    element("h2", { text: word("records") }),
    ...[...pack.records].map(([file, kept]) => recordOf(pack, file, kept)),
  );
}

function answer([name, faults]) {
  const [good, bad] = WORDS[language].checks[name];
  return element(
    "li",
    { className: faults.length ? "fails" : "", check: name, faults: JSON.stringify(faults) },
    element("span", { text: faults.length ? bad : good }),
    ...faults.map(([what, subject]) =>
      element("span", {
        text: filled(WORDS[language].faults[what], { name: subject }),
        className: "fault",
      }),
    ),
  );
}

function recordOf(pack, file, { record }) {
  const listed = pack.manifest.records.find(r => r.file === file);
  const verdicts = pack.receipts.get(file)?.receipt.verdicts ?? {};
  const outcome = WORDS[language].outcomes[record.outcome] ?? record.outcome;
  const when = whenOf(record.at);
  const notes = [
    ["superseded", "rival"].includes(listed?.newest) && word(listed.newest),
    verdicts.clock && verdicts.clock !== "ok" && word("clock"),
    verdicts.place && verdicts.place !== "ok" && word("place"),
    ["relaxed", "lacking"].includes(verdicts.policy) && word("policy"),
  ].filter(Boolean);
  const words = pack.entries.get(shownFile(record));
  return element(
    "div",
    { className: "record" },
    element("strong", { text: `${outcome} · ${when}` }),
    element("span", { text: [record.receiver, file].filter(Boolean).join(" · ") }),
    element("span", { text: goodsOf(record) }),
    ...(words
      ? [element("span", { text: word("signed", { words: new TextDecoder().decode(words) }) })]
      : []),
    ...(record.pin === "ok" ? [element("span", { text: word("pin") })] : []),
    ...notes.map(text => element("span", { text, className: "warn" })),
    element("div", { className: "pictures" }, ...refsOf(record).map(ref => picture(pack, ref))),
  );
}

/** How many pieces of each line were handed over, of how many. */
function goodsOf({ lines }) {
  return (Array.isArray(lines) ? lines : [])
    .filter(isObject)
    .map(({ delivered, qty, sku }) => `${delivered} / ${qty} × ${sku}`)
    .join(" · ");
}

function picture(pack, ref) {
  const name = fileOf(pack, ref);
  if (name?.endsWith(".strokes.json")) return drawing(pack.entries.get(name));
  const type = { jpg: "image/jpeg", png: "image/png", webp: "image/webp" }[name?.split(".").at(-1)];
  if (!type) return element("span", { text: "–" });
  const image = element("img");
  image.alt = word("photo");
  image.src = URL.createObjectURL(new Blob([pack.entries.get(name)], { type }));
  return image;
}

/** A signature, drawn from its strokes; one that is no drawing is left empty. */
function drawing(bytes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  try {
    const { width, height, strokes } = JSON.parse(new TextDecoder().decode(bytes));
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.setAttribute("d", strokes.map(lineOf).join(""));
    for (const [name, value] of [
      ["fill", "none"],
      ["stroke", "#000"],
      ["stroke-width", "90"],
    ])
      path.setAttribute(name, value);
    svg.setAttribute("viewBox", `0 0 ${size(width)} ${size(height)}`);
    svg.append(path);
  } catch {
    // its hash is told above
  }
  return svg;
}

function lineOf(points) {
  if (points.length === 0) throw new RangeError("a stroke of nothing");
  return `M${points.map(({ x, y }) => `${size(x)} ${size(y)}`).join("L")}`;
}

function size(value) {
  if (!isCount(value)) throw new RangeError("no size");
  return value;
}

const LAST_MOMENT = 8.64e15;

function whenOf(at) {
  return at <= LAST_MOMENT ? new Date(at).toISOString() : String(at);
}

byId("ask").addEventListener("submit", event => void check(event));
byId("language").addEventListener("change", event => speak(event.target.value));
const asked = navigator.language;
const chinese = /^zh-(hant|tw|hk|mo)/i.test(asked) ? "zh-Hant" : "zh-Hans";
byId("language").value = asked.startsWith("zh") ? chinese : "en";
speak(byId("language").value);
