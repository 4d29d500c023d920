/** What people of each role may have learned, and the zones as they are typed: pure. */

/** Kinds of task; the server refuses any other. */
export const SKILLS: Readonly<Record<string, readonly string[]>> = {
  picker: ["pick", "putaway", "replenish", "transfer", "putback", "count", "check"],
  packer: ["pack", "check"],
  driver: ["drive"],
};

const ZONE = /^[A-Za-z0-9:._/-]{1,64}$/;

export function toggledSkill(skills: readonly string[], skill: string): readonly string[] {
  return skills.includes(skill) ? skills.filter(each => each !== skill) : [...skills, skill];
}

/** The zones of `A, B`, each once; `null` where one of them cannot be a zone. */
export function zonesOf(text: string): string[] | null {
  const zones = text.split(/[,，、\s]+/).filter(Boolean);
  return zones.every(zone => ZONE.test(zone)) ? [...new Set(zones)] : null;
}
