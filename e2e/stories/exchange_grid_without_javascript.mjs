import { resultsStory } from "../results_story.mjs";

export const name = "a month's results are typed, sent and compared without JavaScript";

export const run = (t) => resultsStory(t, { javaScript: false });
