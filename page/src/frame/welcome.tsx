/** What an empty installation says: what to connect. */
export const Welcome = () => null;
