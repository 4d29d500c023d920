import { type Decoded, openDecoder } from "./decoder";

/** Why a camera cannot be used; `ui.camera…` says what to do instead. */
export type CameraTrouble = "cameraDenied" | "cameraMissing" | "cameraFailed";

/** A code must be out of sight this many milliseconds before it counts again. */
export const OUT_OF_SIGHT_MS = 1_000;

const WANTED: MediaStreamConstraints = {
  video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
};

/**
 * Shows the camera in `video` and calls `onCode` for each code that comes into sight, until
 * `signal` aborts; `onLight` is called where the camera has a lamp. Rejects with a DOMException of
 * getUserMedia when there is no camera to use.
 */
export async function readCamera(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onCode: (code: Decoded) => void,
  onLight: (light: Light) => void = () => {},
): Promise<void> {
  const [stream, decoder] = await Promise.allSettled([
    navigator.mediaDevices.getUserMedia(WANTED),
    openDecoder(),
  ]);
  try {
    if (stream.status === "rejected") throw stream.reason;
    if (decoder.status === "rejected") throw decoder.reason;
    signal.throwIfAborted();
    video.srcObject = stream.value;
    await video.play();
    const light = lightOf(stream.value);
    if (light) onLight(light);
    const seen = new Sightings();
    while (!signal.aborted) {
      const picture = await nextPicture(video);
      const code = picture && (await decoder.value.decode(picture));
      if (code && !signal.aborted && seen.isNew(code.raw, performance.now())) onCode(code);
    }
  } finally {
    if (decoder.status === "fulfilled") decoder.value.close();
    if (stream.status === "fulfilled") for (const track of stream.value.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** Switches the lamp beside the camera. */
export type Light = (on: boolean) => Promise<void>;

// The DOM types do not know `torch` yet (W3C MediaStream Image Capture).
type Torch = { torch?: boolean };

function lightOf(stream: MediaStream): Light | null {
  const [track] = stream.getVideoTracks();
  const able = track?.getCapabilities?.() as Torch | undefined;
  if (!track || !able?.torch) return null;
  return on => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
}

/** A code held before the camera is one scan, however many pictures it is in. */
export class Sightings {
  private raw = "";
  private at = Number.NEGATIVE_INFINITY;

  isNew(raw: string, at: number): boolean {
    const isNew = raw !== this.raw || at - this.at >= OUT_OF_SIGHT_MS;
    this.raw = raw;
    this.at = at;
    return isNew;
  }
}

async function nextPicture(video: HTMLVideoElement): Promise<ImageData | null> {
  await new Promise(resolve => {
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(resolve);
    else requestAnimationFrame(resolve);
    // A stopped or hidden video calls no frame: look again, so that an abort is seen.
    setTimeout(resolve, 500);
  });
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0) return null;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(video, 0, 0);
  return context.getImageData(0, 0, width, height);
}

export function troubleOf(failure: unknown): CameraTrouble {
  const name = failure instanceof Error ? failure.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "cameraDenied";
  if (name === "NotFoundError" || name === "OverconstrainedError" || name === "TypeError")
    return "cameraMissing";
  return "cameraFailed";
}
