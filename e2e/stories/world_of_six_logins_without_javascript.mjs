// Last of all stories: it takes consents back that others need.

import { circle } from "../circle.mjs";
import { ITEMS } from "../desk.mjs";

export const name = "the whole circle without JavaScript";

export const run = (t) => circle(t, { items: ITEMS.tome, citizen: "tome", kind: "3", javaScript: false });
