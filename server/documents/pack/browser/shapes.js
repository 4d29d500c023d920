const isText = value => typeof value === "string";
const isCount = value => Number.isSafeInteger(value) && value >= 0;
const isObject = value => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = fits => value => Array.isArray(value) && value.every(fits);

const isLink = l => isObject(l) && isCount(l.seq) && [l.hash, l.prev, l.file].every(isText);
const isHead = h =>
  isObject(h) && isText(h.device) && isCount(h.seq) && isText(h.hash) && listOf(isLink)(h.links);
const isListed = r => isObject(r) && [r.file, r.device, r.hash, r.newest].every(isText);
const isFile = f => isObject(f) && isText(f.name) && isText(f.sha256);
const isManifest = m =>
  isObject(m) &&
  isObject(m.order) &&
  listOf(isListed)(m.records) &&
  listOf(isHead)(m.heads) &&
  listOf(isFile)(m.files) &&
  listOf(isText)(m.absent) &&
  listOf(isText)(m.unproven);
const isSeal = s => isObject(s) && isText(s.key) && isText(s.signature);
const isSiteKey = k =>
  isObject(k) && [k.kid, k.x, k.y, k.by, k.voucher].every(isText) && isCount(k.made_at);
const isDeviceKey = d => isObject(d) && isText(d.device) && (d.jwk === null || isObject(d.jwk));
const isKeys = k => isObject(k) && listOf(isSiteKey)(k.server) && listOf(isDeviceKey)(k.devices);
const isRecord = r =>
  isObject(r) &&
  [r.device, r.prev, r.stop, r.order].every(isText) &&
  isCount(r.seq) &&
  isCount(r.at);
const isSignedRecord = s =>
  isObject(s) && isRecord(s.record) && isText(s.hash) && isText(s.signature);
const isReceipt = r =>
  isObject(r) &&
  [r.record, r.claimed, r.device, r.device_key, r.key, r.prev, r.site].every(isText) &&
  isCount(r.seq) &&
  isCount(r.n) &&
  isCount(r.recv_at) &&
  isObject(r.head) &&
  isObject(r.verdicts);
const isSignedReceipt = s => isObject(s) && isReceipt(s.receipt) && isText(s.signature);

const EMPTY_MANIFEST = {
  order: { id: "", number: "" },
  records: [],
  heads: [],
  files: [],
  absent: [],
  unproven: [],
};

/** A pack's files, and those of them that could be read. A file that does not fit is named. */
function openPack(entries) {
  const unreadable = [];
  const read = (name, fits) => {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(entries.get(name));
      const found = JSON.parse(text);
      if (fits(found) && canonical(found) === text) return found;
    } catch {
      // named below, like what does not fit
    }
    unreadable.push(name);
    return undefined;
  };
  const manifest = read("manifest.json", isManifest) ?? EMPTY_MANIFEST;
  const seal = read("manifest.sig.json", isSeal) ?? { key: "", signature: "" };
  const keys = read("keys.json", isKeys) ?? { server: [], devices: [] };
  const [records, receipts] = [new Map(), new Map()];
  for (const name of [...entries.keys()].sort().filter(n => n.startsWith("records/"))) {
    const kept = read(name, isSignedRecord);
    if (!kept) continue;
    records.set(name, kept);
    const beside = name.replace("records/", "receipts/");
    const receipt = entries.has(beside) ? read(beside, isSignedReceipt) : undefined;
    if (receipt) receipts.set(name, receipt);
  }
  return {
    entries,
    manifest,
    seal,
    records,
    receipts,
    unreadable,
    siteKeys: keys.server,
    deviceKeys: new Map(keys.devices.filter(d => d.jwk).map(d => [d.device, d.jwk])),
  };
}

function siteKey(pack, kid) {
  return pack.siteKeys.find(key => key.kid === kid);
}

/** Every photo and signature that a record names, wherever a version of it does; each once. */
function refsOf(told) {
  if (isText(told)) return /^sha256:[0-9a-f]{64}$/.test(told) ? [told] : [];
  const parts = isObject(told) ? Object.values(told) : Array.isArray(told) ? told : [];
  return [...new Set(parts.flatMap(refsOf))];
}

/** The file that holds the bytes a record names, whatever its ending. */
function fileOf(pack, ref) {
  const begins = `files/${ref.replace(/^sha256:/, "")}.`;
  return [...pack.entries.keys()].sort().find(name => name.startsWith(begins));
}

/** The file with the words that a record was signed below; empty where it names none. */
function shownFile({ shown }) {
  return isText(shown) && shown ? `shown/${shown}.txt` : "";
}
