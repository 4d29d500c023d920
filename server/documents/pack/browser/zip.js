const MOST_FILES = 10_000;
const MOST_BYTES = 512 * 1024 * 1024;

/** The files of a ZIP by name. Throws on what is no ZIP, or has more in it than any pack. */
async function readZip(buffer) {
  const view = new DataView(buffer);
  const entries = new Map();
  let total = 0;
  for (const told of directory(view)) {
    total += told.size;
    if (entries.size >= MOST_FILES || total > MOST_BYTES) throw new RangeError("too large");
    if (told.name.endsWith("/")) continue;
    if (entries.has(told.name)) throw new RangeError("two files of one name");
    entries.set(told.name, await contentOf(view, told));
  }
  return entries;
}

/** What the central directory says of each file. */
function* directory(view) {
  const end = endRecord(view);
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new RangeError("no ZIP");
    const [nameLength, extra, comment] = [28, 30, 32].map(o => view.getUint16(at + o, true));
    yield {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      header: view.getUint32(at + 42, true),
      name: new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameLength)),
    };
    at += 46 + nameLength + extra + comment;
  }
}

function endRecord(view) {
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= first; at--)
    if (view.getUint32(at, true) === 0x06054b50) return at;
  throw new RangeError("no ZIP");
}

async function contentOf(view, { header, method, packed, size }) {
  const begin = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  const data = new Uint8Array(view.buffer, begin, packed);
  if (method === 0) return data;
  if (method !== 8) throw new RangeError("an unknown way of packing");
  // Ours are stored; somebody has packed this one again.
  const opened = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const content = new Uint8Array(await new Response(opened).arrayBuffer());
  if (content.length !== size) throw new RangeError("another length than it says");
  return content;
}
