/** The sign of a feed: differs by shape, not only by colour. */
export const Health = ({ healthy }: { healthy: boolean }) => (
  <span class={healthy ? "health well" : "health ill"} aria-hidden="true">
    {healthy ? "✓" : "✕"}
  </span>
);
