/** Badges and PINs that nobody guesses. `random` gives whole numbers from 0 to below its argument. */

export type Random = (below: number) => number;

const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const BADGE_LENGTH = 6;
const PIN_LENGTH = 6;
const STEPS = [1, -1, 0];

export function newBadge(random: Random = secure): string {
  return `B-${Array.from({ length: BADGE_LENGTH }, () => LETTERS[random(LETTERS.length)]).join("")}`;
}

/** Six digits; never all alike or in a row, which the server would refuse too. */
export function newPin(random: Random = secure): string {
  for (;;) {
    const digits = Array.from({ length: PIN_LENGTH }, () => random(10));
    if (!isGuessable(digits)) return digits.join("");
  }
}

function isGuessable(digits: readonly number[]): boolean {
  const steps = digits.slice(1).map((digit, index) => digit - (digits[index] ?? 0));
  const few = new Set(digits).size < 4;
  return few || STEPS.some(step => steps.every(each => each === step));
}

/** Every number equally likely: draws beyond the last whole multiple are drawn again. */
function secure(below: number): number {
  const limit = 2 ** 32 - (2 ** 32 % below);
  for (;;) {
    const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
    if (drawn < limit) return drawn % below;
  }
}
