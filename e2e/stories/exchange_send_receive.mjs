import { exchangeStory } from "../exchange_story.mjs";

export const name = "the exchange: a folder is checked, confirmed, sent; received, fetched, imported; receipt, recall, strangers";

export const run = (t) => exchangeStory(t, { javaScript: true, serial: "202611220910" });
