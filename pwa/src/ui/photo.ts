/** A photo ready to be stored: JPEG bytes of a picture drawn anew, with no metadata of the camera. */
export interface Photo {
  bytes: ArrayBuffer;
  type: "image/jpeg";
  width: number;
  height: number;
}

export const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

/** The size that fits into `LONGEST_SIDE`, never larger than it was. */
export function shrunk(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** Draws a picture file anew, upright, at most 1,600 px. Rejects a file that is no picture. */
export async function redraw(file: Blob): Promise<Photo> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const size = shrunk(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  // A transparent picture would turn black as JPEG.
  if (context) context.fillStyle = "#ffffff";
  context?.fillRect(0, 0, size.width, size.height);
  context?.drawImage(picture, 0, 0, size.width, size.height);
  picture.close();
  const jpeg = await new Promise<Blob | null>(done => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!jpeg) throw new Error("the picture could not be encoded");
  return { bytes: await jpeg.arrayBuffer(), type: "image/jpeg", ...size };
}
