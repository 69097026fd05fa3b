/** One story: its reports side by side, and where they disagree. */

import "./desk.css";
import { Answer, useAsked } from "../parts/asked";
import { Panel } from "../parts/panel";
import { hrefOf } from "../state/url";
import { countOf } from "../words";
import { storyOf } from "./ask";
import { Contradictions } from "./contradictions";
import { DeskNav } from "./desk_nav";
import { headOf } from "./desk_words";
import { ReportRow } from "./report_row";

export const StoryPage = ({ id }: { id: string }) => {
  const answer = useAsked((stop) => storyOf(id, stop), id, 60);
  return (
    <Panel title="Story">
      <DeskNav />
      <div class="stack">
        <Answer asked={answer} what="story">
          {(story) => (
            <>
              <p class="lead">
                <bdi>{headOf(story.title, 200)}</bdi>
              </p>
              <Contradictions of={story.contradictions} none="Nothing in these reports contradicts another of them." />
              <section aria-labelledby="story-reports">
                <h3 id="story-reports">
                  {story.reports.length === 1
                    ? "One report tells it"
                    : `${countOf(story.reports.length)} reports tell it`}
                </h3>
                <ul class="beside">
                  {story.reports.map((report) => (
                    <li key={report.id}>
                      <ReportRow report={report} inStory />
                    </li>
                  ))}
                </ul>
              </section>
            </>
          )}
        </Answer>
        <p>
          <a class="button" href={hrefOf("/stories")}>
            All stories
          </a>
        </p>
      </div>
    </Panel>
  );
};
