import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { type CameraTrouble, type Light, readCamera, troubleOf } from "../scan/camera";
import type { Decoded } from "../scan/decoder";
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
  // In an object: a function given to a state setter would be called.
  const [lamp, setLamp] = useState<{ light: Light; on: boolean } | null>(null);

  useEffect(() => {
    const stop = new AbortController();
    const element = video.current;
    if (!element) return;
    const found = ({ raw, symbology }: Decoded) => {
      setHits(count => count + 1);
      report.current(raw, symbology);
    };
    readCamera(element, stop.signal, found, light => setLamp({ light, on: false })).catch(
      failure => {
        if (!stop.signal.aborted) setState(troubleOf(failure));
      },
    );
    return () => stop.abort();
  }, []);

  const isAiming = state === "cameraAim";
  return (
    <div class="camera">
      <video ref={video} muted playsInline onPlaying={() => setState("cameraAim")} />
      {isAiming && <div key={hits} class={hits > 0 ? "frame hit" : "frame"} />}
      {lamp && <LampSwitch {...lamp} onSwitch={on => setLamp({ ...lamp, on })} />}
      <p class="word" role="status">
        {!isAiming && state !== "cameraStarting" && <Icon name="warn" />} {t(`ui.${state}`)}
      </p>
    </div>
  );
}

interface LampProps {
  light: Light;
  on: boolean;
  onSwitch: (on: boolean) => void;
}

function LampSwitch({ light, on, onSwitch }: LampProps) {
  const change = () => {
    // A camera that refuses leaves the switch as it is.
    light(!on).then(
      () => onSwitch(!on),
      () => {},
    );
  };
  return (
    <button type="button" class="button lamp" aria-pressed={on} onClick={change}>
      {t("ui.cameraLight")} · {t(on ? "settings.on" : "settings.off")}
    </button>
  );
}

function offer(raw: string, symbology: string): void {
  scans.offer({ raw: symbology + raw, source: "camera", at: Date.now() });
}
