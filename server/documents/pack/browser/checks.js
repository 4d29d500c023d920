/** The eight checks of a pack; `verifying.py` gives the same answers. Each yields [what, name]. */
const CHECKS = {
  async *key(pack, fingerprint) {
    if (!fingerprint) yield ["no_fingerprint", ""];
    else if (!(await trustedKeys(pack.siteKeys, fingerprint)).has(pack.seal.key))
      yield ["other_key", pack.seal.key];
  },

  async *contents(pack) {
    for (const name of pack.unreadable) yield ["unreadable", name];
    const body = pack.entries.get("manifest.json") ?? new Uint8Array();
    const key = siteKey(pack, pack.seal.key);
    if (!(await signatureHolds(key, body, pack.seal.signature)))
      yield ["signature", "manifest.json"];
    for (const { name, sha256: wanted } of pack.manifest.files) {
      const content = pack.entries.get(name);
      if (!content) yield ["missing", name];
      else if ((await sha256(content)) !== wanted) yield ["changed", name];
    }
    const listed = new Set(pack.manifest.files.map(file => file.name));
    for (const name of pack.entries.keys())
      if (!listed.has(name) && !["manifest.json", "manifest.sig.json"].includes(name))
        yield ["extra", name];
  },

  async *unchanged(pack) {
    for (const [file, kept] of pack.records) {
      const made = await sha256(bytesOf(kept.record));
      const listed = pack.manifest.records.find(r => r.file === file)?.hash;
      if (kept.hash !== made || listed !== made) yield ["changed", file];
    }
  },

  async *device(pack) {
    for (const [file, { record, signature }] of pack.records) {
      const jwk = pack.deviceKeys.get(record.device);
      if (!jwk) {
        yield ["no_key", file];
        continue;
      }
      if (!(await signatureHolds(jwk, bytesOf(record), signature))) yield ["signature", file];
      const receipt = pack.receipts.get(file)?.receipt;
      const own = receipt?.device === record.device;
      if (receipt && !(own && receipt.device_key === (await thumbprint(jwk))))
        yield ["other_key", file];
    }
  },

  async *chain(pack) {
    const places = new Map();
    for (const head of pack.manifest.heads) {
      for (const [index, link] of head.links.entries()) {
        const before = head.links[index - 1];
        if (before && (link.seq !== before.seq + 1 || link.prev !== before.hash))
          yield ["gap", `${head.device}/${link.seq}`];
      }
      for (const link of ownLinks(head)) places.set(link.file, { ...link, device: head.device });
      for (const link of ownLinks(head).slice(0, -1))
        if (!pack.records.has(link.file)) yield ["missing", `${head.device}/${link.seq}`];
    }
    for (const [file, { record }] of pack.records) {
      const place = places.get(file);
      const same = place && ["device", "seq", "prev"].every(f => place[f] === record[f]);
      if (!same || place.hash !== (await sha256(bytesOf(record)))) yield ["order", file];
    }
  },

  async *files(pack) {
    for (const ref of [...pack.records.values()].flatMap(kept => refsOf(kept.record))) {
      const name = fileOf(pack, ref);
      if (name === undefined) {
        if (!pack.manifest.absent.includes(ref)) yield ["missing", ref];
      } else if (`sha256:${await sha256(pack.entries.get(name))}` !== ref) yield ["changed", name];
    }
    for (const { record } of pack.records.values()) {
      const name = shownFile(record);
      if (!name || pack.manifest.absent.includes(`sha256:${record.shown}`)) continue;
      const words = pack.entries.get(name);
      if (!words) yield ["missing", name];
      else if ((await sha256(words)) !== record.shown) yield ["changed", name];
    }
  },

  async *countersigned(pack) {
    for (const [file, { record }] of pack.records) {
      const signed = pack.receipts.get(file);
      if (!signed) {
        yield ["missing", file];
        continue;
      }
      const { receipt, signature } = signed;
      const key = siteKey(pack, receipt.key);
      if (!(await signatureHolds(key, bytesOf(receipt), signature))) yield ["signature", file];
      const made = await sha256(bytesOf(record));
      if (receipt.record !== made || receipt.seq !== record.seq) yield ["other_record", file];
    }
  },

  async *head(pack) {
    const known = new Set(pack.manifest.heads.map(head => head.device));
    for (const { record } of pack.records.values())
      if (!known.has(record.device)) yield ["no_head", record.device];
    for (const head of pack.manifest.heads) {
      const last = head.links.at(-1);
      if (last?.seq !== head.seq || last.hash !== head.hash)
        yield ["cut", `${head.device}/${head.seq}`];
      const own = ownLinks(head).at(-1);
      if (own && !pack.records.has(own.file)) yield ["missing", `${head.device}/${own.seq}`];
    }
  },
};

/** Those of a device's links whose records are in the pack. */
function ownLinks(head) {
  return head.links.filter(link => link.file !== "");
}

/** Faults by check, none where it holds: sorted, each once. */
async function verifyPack(pack, fingerprint) {
  const answers = {};
  for (const [name, check] of Object.entries(CHECKS)) {
    const found = new Map();
    for await (const fault of check(pack, plainFingerprint(fingerprint)))
      found.set(fault.join("\n"), fault);
    answers[name] = [...found.keys()].sort().map(key => found.get(key));
  }
  return answers;
}
