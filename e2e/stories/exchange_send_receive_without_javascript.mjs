import { exchangeStory } from "../exchange_story.mjs";

export const name = "the exchange without JavaScript";

export const run = (t) => exchangeStory(t, { javaScript: false, serial: "202611220920" });
