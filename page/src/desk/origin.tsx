import { AirText } from "../parts/air_text";
import { originOf } from "./desk_words";
import type { Report } from "./records";

/** Where a report is from: its source, else its line of a file. */
export const Origin = ({ report }: { report: Pick<Report, "source" | "file" | "line"> }) => (
  <AirText text={originOf(report)} none="no source" />
);
