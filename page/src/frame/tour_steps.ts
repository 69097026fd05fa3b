/** The steps of the tour: what is pointed at and what is said. Pure. */

import type { Item } from "../api/client";
import { kindOf, momentOf, spanOf } from "../words";

export interface Step {
  name: "wait" | "alert" | "why" | "do" | "map" | "help";
  /** What is pointed at: the first of these that is there. */
  at: string[];
  title: string;
  /** Paragraphs; what comes from the air is isolated where it is shown. */
  text: string[];
}

export interface Toured {
  item: Item | null;
  demo: { title: string; text: string; ship_name: string; first_alert_expected: string } | null;
  pictureMs: number | null;
  speed: number;
}

const NAMES = ["alert", "why", "do", "map", "help"] as const;

/** Which steps there are now: without an alert it is waited for, or the rest is shown. */
export function stepsOf(toured: Toured): Step[] {
  const steps = NAMES.map((name) => stepOf(name, toured));
  if (toured.item) return steps;
  return [waiting(toured), ...steps.filter(({ name }) => name === "map" || name === "help")];
}

function waiting({ demo, pictureMs, speed }: Toured): Step {
  const at = [".watch-sign"];
  if (!demo)
    return {
      name: "wait",
      at: [".queue"],
      title: "Alerts come here",
      text: ["There is none now. The worst is always on top; the counts by level are in the bar above."],
    };
  const dueMs = Date.parse(demo.first_alert_expected);
  const leftS = pictureMs === null || speed <= 0 ? null : (dueMs - pictureMs) / 1000 / speed;
  const when = leftS === null || leftS < 0 ? "soon" : `in about ${spanOf(Math.ceil(leftS / 5) * 5)}`;
  return {
    name: "wait",
    at,
    title: demo.title,
    text: [
      demo.text,
      `The first alert about ${demo.ship_name} comes ${when}, at ${momentOf(dueMs)} of the replay. This tour goes on by itself then.`,
    ],
  };
}

function stepOf(name: (typeof NAMES)[number], { item }: Toured): Step {
  const alert = item?.alert;
  const who = alert ? alert.vessel.name || `MMSI ${alert.vessel.mmsi}` : "";
  if (name === "alert")
    return {
      name,
      at: alert ? [`.queue [data-alert="${CSS_SAFE.test(alert.id) ? alert.id : ""}"]`, ".queue"] : [".queue"],
      title: "An alert",
      text: [
        `${who}: ${alert ? kindOf(alert.kind) : ""}. The level is said by shape, colour and word. The worst and newest are on top.`,
        "j and k go down and up the queue, Enter opens.",
      ],
    };
  if (name === "why")
    return {
      name,
      at: ['.panel [aria-labelledby="reasons-title"]', ".panel"],
      title: "Why it was raised",
      text: [
        alert?.explanation ?? "",
        "The bars show what each reason weighs. Below: speed and heading against what is usual for her, and innocent explanations with what would confirm them.",
      ],
    };
  if (name === "do")
    return {
      name,
      at: [".panel .actions", ".panel"],
      title: "What to do",
      text: [
        "Press a: acknowledged, it is seen. Then take it in hand, note what the vessel says on the radio, escalate or close it with its cause.",
        "Everything is written down with your name, and can be handed over at the end of the shift.",
      ],
    };
  if (name === "map")
    return {
      name,
      at: [".map"],
      title: "The map and the time",
      text: [
        "Cables and pipelines, vessels with their heading, and the track of the alert that is open. Drag the time bar below to see any hour again; Now brings you back.",
      ],
    };
  return {
    name,
    at: [".leafed.person button", ".top"],
    title: "Help",
    text: [
      "? shows all keys, / searches. This menu has the tour, the handover and the palettes: day, dusk, and dark red for the night.",
      "If the connection is lost, the whole page loses its colour and says OLD. Silence is never shown as calm.",
    ],
  };
}

/** What may stand in a selector as it is. */
const CSS_SAFE = /^[\w-]+$/;

/** Where the card stands: beside what it points at, inside the page. */
export function placeOf(
  target: { left: number; top: number; right: number; bottom: number },
  card: { width: number; height: number },
  page: { width: number; height: number },
): { left: number; top: number } {
  const gap = 14;
  const within = (at: number, size: number, room: number): number => Math.max(8, Math.min(at, room - size - 8));
  const top = within(target.top, card.height, page.height);
  if (target.right + gap + card.width <= page.width) return { left: target.right + gap, top };
  if (target.left - gap - card.width >= 0) return { left: target.left - gap - card.width, top };
  const left = within(target.left, card.width, page.width);
  if (target.bottom + gap + card.height <= page.height) return { left, top: target.bottom + gap };
  if (target.top - gap - card.height >= 0) return { left, top: target.top - gap - card.height };
  return {
    left: within((target.left + target.right - card.width) / 2, card.width, page.width),
    top: within(target.bottom - card.height - 60, card.height, page.height),
  };
}
