/** What is seen, for others: as a link, a picture or a file. */
export const ShareButton = (_: { what?: string }) => null;
