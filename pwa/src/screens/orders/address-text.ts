import { role } from "../../shell";

/** As people fill them in. */
export const FIELDS = [
  "name",
  "street",
  "postcode",
  "city",
  "province",
  "country",
  "phone",
  "email",
] as const;
export const LONGEST = 500;
/** What says where a door is; a position that came with another door means nothing. */
const DOOR = ["street", "postcode", "city", "province", "country"] as const;

type Address = Readonly<Record<string, string>>;

/** States from which the server lets an order go elsewhere. */
const STILL_HERE: ReadonlySet<string> = new Set(
  "draft review confirmed released picking picked packing packed hold".split(" "),
);

export function isClerk(): boolean {
  return role.value === "service" || role.value === "supervisor";
}

export function mayReaddress(state: string): boolean {
  return STILL_HERE.has(state) && isClerk();
}

/** All of an address, as one would say it. */
export function addressLine(to: Address): string {
  const town = [to.postcode, to.city].filter(Boolean).join(" ");
  const parts = [to.name, to.street, town, to.province, to.country, to.phone, to.email];
  return parts.filter(Boolean).join(", ");
}

/** What was typed, without what is empty; the position only where the door is the same. */
export function edited(seen: Address, typed: Address): Record<string, string> {
  const kept = Object.entries(typed).map(([name, value]) => [name, value.trim()] as const);
  const moved = DOOR.some(name => (seen[name] ?? "") !== (typed[name] ?? "").trim());
  const isPosition = (name: string) => name === "lat" || name === "lon";
  return Object.fromEntries(
    kept.filter(([name, value]) => value !== "" && !(moved && isPosition(name))),
  );
}
