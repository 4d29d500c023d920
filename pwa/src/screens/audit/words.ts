import { hasText, t } from "../../i18n";
import type { Tone } from "../../ui";
import { word } from "../desk/words";
import type { AuditEntry } from "./types";

/** Who said it; nobody, where the system did. */
export function whoWord({ person, person_name, device }: AuditEntry): string {
  return person_name ?? person ?? (device.startsWith("sys:") ? t("service.system") : "–");
}

/** The device's name; of a part of the system, such as `sys:main:planner`, what it does. */
export function deviceWord({ device, device_name }: AuditEntry): string {
  const part = device.split(":").at(-1) ?? device;
  if (device.startsWith("sys:")) return said(`audit.sys_${part}`, part);
  return device_name ?? part;
}

/** The reason that was given: one of the app's own, or somebody's own words. */
export function whyWord({ why }: AuditEntry): string {
  return word("why", why);
}

/** What is wrong first: the rule in words, and where, as the check told it. */
export function firstWords(first: string): string {
  const [rule = "", ...where] = first.split(": ");
  return [said(`audit.rule_${rule}`, rule), ...where].join(": ");
}

function said(key: string, otherwise: string): string {
  return hasText(key) ? (t as (key: string) => string)(key) : otherwise;
}

export function entryPath({ device, n }: AuditEntry): string {
  return `/audit/entry?${new URLSearchParams({ device, n: String(n) })}`;
}

export function outcomeTone(outcome: string): Tone {
  if (outcome === "applied") return "right";
  return outcome === "quarantined" || outcome === "held" ? "wrong" : "warn";
}
