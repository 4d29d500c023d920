import { t } from "../../i18n";
import type { Tone } from "../../ui";
import type { AuditEntry } from "./types";

/** Who said it; nobody, where the system did. */
export function whoWord({ person, person_name, device }: AuditEntry): string {
  return person_name ?? person ?? (device.startsWith("sys:") ? t("service.system") : "–");
}

/** The device's name, or its own where it is a part of the system: `planner` of `sys:main:planner`. */
export function deviceWord({ device, device_name }: AuditEntry): string {
  return device_name ?? device.split(":").at(-1) ?? device;
}

export function entryPath({ device, n }: AuditEntry): string {
  return `/audit/entry?${new URLSearchParams({ device, n: String(n) })}`;
}

export function outcomeTone(outcome: string): Tone {
  if (outcome === "applied") return "right";
  return outcome === "quarantined" || outcome === "held" ? "wrong" : "warn";
}
