import { resultsStory } from "../results_story.mjs";

export const name = "a month's results are typed by keyboard, sent, compared by the care manager";

export const run = (t) => resultsStory(t, { javaScript: true });
