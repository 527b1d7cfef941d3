import { wholeStory } from "../whole_story.mjs";

export const name = "the whole story without JavaScript";

export const run = (t) =>
  wholeStory(t, {
    javaScript: false,
    person: {
      name: "松永 静江",
      plain: { insurer_no: "981019", insured_no: "9900000502", kana: "マツナガ シズエ", birth: "昭和22年5月30日" },
      otherwise: { insurer_no: "981019", insured_no: "9900-000-502", kana: "ﾏﾂﾅｶﾞｼｽﾞｴ", birth: "1947/5/30" },
    },
  });
