import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { type CameraTrouble, readCamera, troubleOf } from "../scan/camera";
import { scans } from "../scan/sources";
import { Icon } from "./icon";

export interface CameraScannerProps {
  /** Without it, codes go into the stream of all scans with their symbology identifier in front. */
  onScan?: (raw: string, symbologyIdentifier: string) => void;
}

type State = "cameraStarting" | "cameraAim" | CameraTrouble;

/** Reads codes with the camera while it is mounted; the decoder is loaded only then. */
export function CameraScanner({ onScan = offer }: CameraScannerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const report = useRef(onScan);
  report.current = onScan;
  const [state, setState] = useState<State>("cameraStarting");
  const [hits, setHits] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    const element = video.current;
    if (!element) return;
    readCamera(element, stop.signal, ({ raw, symbology }) => {
      setHits(count => count + 1);
      report.current(raw, symbology);
    }).catch(failure => {
      if (!stop.signal.aborted) setState(troubleOf(failure));
    });
    return () => stop.abort();
  }, []);

  const isAiming = state === "cameraAim";
  return (
    <div class="camera">
      <video ref={video} muted playsInline onPlaying={() => setState("cameraAim")} />
      {isAiming && <div key={hits} class={hits > 0 ? "frame hit" : "frame"} />}
      <p class="word" role="status">
        {!isAiming && state !== "cameraStarting" && <Icon name="warn" />} {t(`ui.${state}`)}
      </p>
    </div>
  );
}

function offer(raw: string, symbology: string): void {
  scans.offer({ raw: symbology + raw, source: "camera", at: Date.now() });
}
