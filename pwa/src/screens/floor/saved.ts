import { NotSaved } from "../../sync";

/**
 * Whether what was said is on the disk. Where it is not, the full-screen stop tells it, and the
 * screen stays where it was so that the step can be repeated.
 */
export async function saved(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof NotSaved) return false;
    throw error;
  }
}
