const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** RFC 7638 in hex; empty for what is no such key. */
async function thumbprint(jwk) {
  const { crv, kty, x, y } = jwk ?? {};
  if (![crv, kty, x, y].every(part => typeof part === "string")) return "";
  return sha256(bytesOf({ crv, kty, x, y }));
}

/** Whether `signature` (r‖s in base64url) over `bytes` was made with the key. Never throws. */
async function signatureHolds(jwk, bytes, signature) {
  try {
    const { x, y } = jwk;
    const key = { kty: "EC", crv: "P-256", x, y };
    const imported = await crypto.subtle.importKey("jwk", key, ES256, false, ["verify"]);
    return await crypto.subtle.verify(ES256, imported, unBase64(signature), bytes);
  } catch {
    return false;
  }
}

/** Strict: the last letter has bits to spare, and one who turns them has changed the file. */
function unBase64(text) {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  const binary = atob(plain);
  if (btoa(binary).replaceAll("=", "") !== plain) throw new Error("not the base64 of its bytes");
  return Uint8Array.from(binary, letter => letter.charCodeAt(0));
}

function siteJwk({ x, y }) {
  return { kty: "EC", crv: "P-256", x, y };
}

/** The key of that fingerprint, and those that followed it by its own signature. */
async function trustedKeys(keys, fingerprint) {
  const known = new Map();
  for (const key of keys) if ((await thumbprint(siteJwk(key))) === key.kid) known.set(key.kid, key);
  const trusted = new Set(known.has(fingerprint) ? [fingerprint] : []);
  for (let grown = true; grown; ) {
    grown = false;
    for (const key of known.values())
      if (!trusted.has(key.kid) && trusted.has(key.by) && (await follows(known.get(key.by), key))) {
        trusted.add(key.kid);
        grown = true;
      }
  }
  return trusted;
}

function follows(before, { by, made_at, kid, voucher }) {
  return signatureHolds(siteJwk(before), bytesOf({ by, made_at, next: kid }), voucher);
}

/** As people copy it: groups, colons and capitals do not matter. */
function plainFingerprint(text) {
  return text.replace(/[\s:-]/g, "").toLowerCase();
}
