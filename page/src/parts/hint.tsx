/** The key of a button, for the eye; aria-keyshortcuts says it to others. */
export const Hint = ({ k }: { k: string }) => (
  <span class="key" aria-hidden="true">
    {k}
  </span>
);
