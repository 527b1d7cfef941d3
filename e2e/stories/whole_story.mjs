import { wholeStory } from "../whole_story.mjs";

export const name = "the whole story: identity, registration, record, papers, and the person sees who looked";

export const run = (t) =>
  wholeStory(t, {
    javaScript: true,
    person: {
      name: "春日 ミツ",
      plain: { insurer_no: "981019", insured_no: "9900000555", kana: "カスガ ミツ", birth: "昭和14年3月3日" },
      otherwise: { insurer_no: "９８１０１９", insured_no: "９９００　０００－５５５", kana: "かすが　みつ", birth: "Ｓ１４．３．３" },
    },
  });
