/** The stories: reports that tell the same event, the latest first. */

import "./desk.css";
import { useState } from "preact/hooks";
import { wordsOf } from "../api/client";
import { Answer, useAsked } from "../parts/asked";
import { Panel } from "../parts/panel";
import { hrefOf, pathOf } from "../state/url";
import { countOf } from "../words";
import { storiesOf } from "./ask";
import { DeskNav } from "./desk_nav";
import { daysOf, headOf } from "./desk_words";
import type { Story, StoryPage } from "./records";

const PAGE = 40;

export const StoriesPage = () => {
  const answer = useAsked((stop) => storiesOf({ limit: PAGE }, stop), "stories", 60);
  return (
    <Panel title="Stories">
      <DeskNav />
      <div class="stack">
        <p class="quiet">Reports that tell the same event, the latest first.</p>
        <Answer asked={answer} what="list of stories">
          {(page) => <Found page={page} />}
        </Answer>
      </div>
    </Panel>
  );
};

const Found = ({ page }: { page: StoryPage }) => {
  const [further, setFurther] = useState<StoryPage>({ stories: [], next: null });
  const [trouble, setTrouble] = useState("");
  const next = further.stories.length ? further.next : page.next;
  const all = [...new Map([...page.stories, ...further.stories].map((story) => [story.id, story])).values()];
  const more = async (): Promise<void> => {
    try {
      const found = await storiesOf({ limit: PAGE, ...(next ? { before: next } : {}) });
      setFurther({ stories: [...further.stories, ...found.stories], next: found.next });
      setTrouble("");
    } catch (error) {
      setTrouble(wordsOf(error));
    }
  };
  if (!all.length) return <p role="status">No two reports tell the same event yet. What was read is under Reports.</p>;
  return (
    <>
      <ul class="link-rows">
        {all.map((story) => (
          <li key={story.id}>
            <StoryRow story={story} />
          </li>
        ))}
      </ul>
      {trouble && <p role="status">Older ones were not told: {trouble}</p>}
      {next !== null && (
        <button type="button" onClick={() => void more()}>
          Show older stories
        </button>
      )}
    </>
  );
};

const StoryRow = ({ story }: { story: Story }) => (
  <a class="asset-row" href={hrefOf(pathOf("stories", story.id))}>
    <span class="name-words">
      <bdi>{headOf(story.title, 160)}</bdi>
      <span class="quiet">
        {countOf(story.count)} {story.count === 1 ? "report" : "reports"}
        {story.first && `, ${daysOf(story.first, story.last) || "undated"}`}
      </span>
    </span>
  </a>
);
