/** Text from the air or from a file: may be anything, in any script, and stays where it is. */
export const AirText = ({ text, none = "" }: { text: string | null | undefined; none?: string }) =>
  text ? <bdi>{text}</bdi> : <span class="quiet">{none}</span>;
