import { signal } from "@preact/signals";
import { Icon } from "./icon";
import { SIGNS, type Tone } from "./tone";

interface Toast {
  id: number;
  text: string;
  tone: Tone;
  action?: { label: string; run: () => void };
}

export interface ToastOptions {
  tone?: Tone;
  action?: { label: string; run: () => void };
  /** Milliseconds on show: 4 s, or 10 s with an action. */
  ms?: number;
}

const shown = signal<readonly Toast[]>([]);
let nextId = 1;

/** Says something that needs no answer. What matters stays elsewhere too: a toast goes by itself. */
export function toast(text: string, options: ToastOptions = {}): void {
  const { tone = "info", action, ms = action ? 10_000 : 4_000 } = options;
  const id = nextId++;
  shown.value = [...shown.value.slice(-2), { id, text, tone, ...(action && { action }) }];
  setTimeout(() => close(id), ms);
}

function close(id: number): void {
  shown.value = shown.value.filter(each => each.id !== id);
}

/** The shell's place for toasts. */
export function Toasts() {
  return (
    <div class="toasts" role="status">
      {shown.value.map(({ id, text, tone, action }) => (
        <div key={id} class={`toast ${tone}`}>
          <Icon name={SIGNS[tone]} />
          <span>{text}</span>
          {action && (
            <button
              type="button"
              class="button small"
              onClick={() => {
                close(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
