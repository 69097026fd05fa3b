/** A link that leaves the watch: only by the web's own protocols, said where it goes, and told nothing about us. */
export const OutsideLink = ({ url }: { url: string | null }) => {
  const host = hostOf(url);
  if (!url || !host) return null;
  return (
    <a class="name-link" href={url} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">
      <span>
        at <bdi>{host}</bdi> (leaves this page)
      </span>
    </a>
  );
};

/** Host of a web address; null of anything else: `javascript:`, `data:`, words. */
export function hostOf(url: string | null): string | null {
  if (!url || url.length > 2000) return null;
  try {
    const { protocol, host, username } = new URL(url);
    return ["http:", "https:"].includes(protocol) && !username ? host : null;
  } catch {
    return null;
  }
}
