import { signal } from "@preact/signals";

const shown = signal(false);

/** Begin the tour from its first step. */
export const startTour = (): void => {
  shown.value = true;
};

/** What to look at first, in a few steps. */
export const Tour = () => null;
