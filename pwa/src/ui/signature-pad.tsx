import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "./button";
import { Icon } from "./icon";
import { isSigned, PAD_WIDTH, type Point, type Strokes, svgPath, toPad } from "./strokes";

export interface SignaturePadProps {
  /** The parent keeps the strokes, so that they outlive a rotation or a change of screen. */
  strokes: Strokes;
  onChange: (strokes: Strokes) => void;
  /** Who signs, said above the line. */
  label?: string;
}

const INK_WIDTH = PAD_WIDTH / 90;

/** Signing on glass. `isSigned(strokes)` tells whether to accept it. */
export function SignaturePad({ strokes, onChange, label }: SignaturePadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = useRef<Pen | null>(null);
  pen.current ??= new Pen();
  const current = pen.current;
  current.update(strokes, onChange);

  useEffect(() => current.attach(canvas.current), [current]);
  useEffect(() => current.draw(), [current, strokes]);

  const word = strokes.length === 0 ? null : isSigned(strokes);
  return (
    <div class="signature">
      <div class="pad">
        <canvas ref={canvas} role="img" aria-label={label ?? t("ui.signHere")} />
      </div>
      <div class="under">
        <output class="row soft">
          {word === true && <Icon name="check" />}
          {word === null
            ? (label ?? t("ui.signHere"))
            : t(word ? "ui.signatureTaken" : "ui.signatureTooShort")}
        </output>
        <Button icon="undo" disabled={strokes.length === 0} onClick={() => onChange([])}>
          {t("ui.clear")}
        </Button>
      </div>
    </div>
  );
}

/** Follows one pointer at a time (a resting palm is another one) and draws what it wrote. */
class Pen {
  private canvas: HTMLCanvasElement | null = null;
  private strokes: Strokes = [];
  private onChange: (strokes: Strokes) => void = () => {};
  private pointer: number | null = null;
  private stroke: Point[] = [];
  /** The time of the first point, on the clock of events. */
  private start = 0;

  update(strokes: Strokes, onChange: (strokes: Strokes) => void): void {
    this.strokes = strokes;
    this.onChange = onChange;
  }

  attach(canvas: HTMLCanvasElement | null): () => void {
    if (!canvas) return () => {};
    this.canvas = canvas;
    const resized = new ResizeObserver(() => this.draw());
    resized.observe(canvas);
    canvas.addEventListener("pointerdown", this.down);
    canvas.addEventListener("pointermove", this.move);
    canvas.addEventListener("pointerup", this.up);
    canvas.addEventListener("pointercancel", this.up);
    return () => {
      resized.disconnect();
      canvas.removeEventListener("pointerdown", this.down);
      canvas.removeEventListener("pointermove", this.move);
      canvas.removeEventListener("pointerup", this.up);
      canvas.removeEventListener("pointercancel", this.up);
    };
  }

  draw(): void {
    const context = this.canvas?.getContext("2d");
    if (!this.canvas || !context) return;
    const { clientWidth, clientHeight } = this.canvas;
    const ratio = devicePixelRatio;
    // Setting a size clears the canvas, which is wanted here.
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    const scale = this.canvas.width / PAD_WIDTH;
    context.scale(scale, scale);
    context.lineWidth = INK_WIDTH;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.strokeStyle = "#0d1b26";
    context.stroke(new Path2D(svgPath([...this.strokes, this.stroke])));
  }

  private readonly down = (event: PointerEvent): void => {
    if (this.pointer !== null || event.button !== 0) return;
    event.preventDefault();
    this.pointer = event.pointerId;
    this.canvas?.setPointerCapture(event.pointerId);
    if (this.strokes.length === 0) this.start = event.timeStamp;
    this.stroke = [];
    this.add(event);
  };

  private readonly move = (event: PointerEvent): void => {
    if (event.pointerId !== this.pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length > 0 ? between : [event]) this.add(each);
  };

  private readonly up = (event: PointerEvent): void => {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    const finished = this.stroke;
    this.stroke = [];
    this.onChange([...this.strokes, finished]);
  };

  private add(event: PointerEvent): void {
    if (!this.canvas) return;
    const { x, y } = toPad(event, this.canvas.getBoundingClientRect());
    const last = this.stroke.at(-1);
    if (last?.x === x && last.y === y) return;
    this.stroke.push({ x, y, t: Math.max(0, Math.round(event.timeStamp - this.start)) });
    this.draw();
  }
}
